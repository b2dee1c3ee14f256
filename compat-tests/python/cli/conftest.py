"""The AWS CLI as a user types it: a process for each call. Setup is done by boto3, which is faster."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ACCOUNT, REGION
from scenario import queue_arn

AWS = Path(sys.executable).with_name("aws")


@pytest.fixture
def aws(endpoint):
    """Runs `aws sqs …`, or another service's; returns the JSON that it printed, or None where it prints nothing."""

    def run(*words, service="sqs"):
        answer = call(endpoint, service, *words)
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout) if answer.stdout.strip() else None

    return run


@pytest.fixture
def aws_refuses(endpoint):
    """Runs `aws sqs …` that must fail; returns the error's code and its message."""

    def run(*words, service="sqs"):
        answer = call(endpoint, service, *words)
        assert answer.returncode != 0, answer.stdout
        shown = re.search(r"An error occurred \((.+?)\) when calling the \w+ operation: (.*)", answer.stderr)
        assert shown, answer.stderr
        return shown.groups()

    return run


def call(endpoint, service, *words):
    environment = os.environ | {"AWS_DEFAULT_REGION": REGION, "AWS_MAX_ATTEMPTS": "1", "AWS_PAGER": ""}
    command = [AWS, service, *words, "--output", "json"]
    if endpoint:
        environment |= {"AWS_ACCESS_KEY_ID": ACCOUNT, "AWS_SECRET_ACCESS_KEY": "anything"}
        command += ["--endpoint-url", endpoint]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def queue(create_queue):
    """A queue whose messages stay hidden, however long the next call takes to start."""
    return create_queue(VisibilityTimeout=600)


@pytest.fixture
def topic(make_client, new_name):
    sns = make_client("sns")
    arn = sns.create_topic(Name=new_name())["TopicArn"]
    yield arn
    sns.delete_topic(TopicArn=arn)


@pytest.fixture
def arn_of(sqs):
    return lambda url: queue_arn(sqs, url)
