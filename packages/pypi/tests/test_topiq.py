"""The package as its users have it: the installed wheel, and real boto3."""

import subprocess
import sys
import urllib.request

import boto3
import pytest

import topiq as package


def test_a_server_starts_and_serves_until_it_is_stopped():
    with package.start() as server:
        sqs = server.client("sqs")
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        assert url == f"{server.url}/000000000000/orders"
        sqs.send_message(QueueUrl=url, MessageBody="hello")
        (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
        assert message["Body"] == "hello"
        assert "Ready." in server.log()
    with pytest.raises(OSError):
        urllib.request.urlopen(server.url + "/health")
    server.stop()


def test_servers_run_side_by_side_and_share_nothing():
    with package.start() as one, package.start() as other:
        one.client("sqs").create_queue(QueueName="orders")
        assert "QueueUrls" not in other.client("sqs").list_queues()


def test_a_test_moves_the_time():
    with package.start() as server:
        sqs = server.client("sqs")
        url = sqs.create_queue(QueueName="orders", Attributes={"DelaySeconds": "300"})["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="hello")
        server.advance("4m 50s")
        assert "Messages" not in sqs.receive_message(QueueUrl=url)
        server.advance(9.5)
        server.advance(0.5)
        assert len(sqs.receive_message(QueueUrl=url)["Messages"]) == 1
        assert server.clock(freeze=True)["Frozen"] is True
        assert server.clock()["Now"] == server.clock()["Now"]
        with pytest.raises(ValueError, match="Time moves on only"):
            server.clock(set="2020-01-01T00:00:00Z")


def test_an_account_is_forgotten():
    with package.start() as server:
        for account in ("111111111111", "222222222222"):
            server.client("sqs", aws_access_key_id=account).create_queue(QueueName="orders")
        assert server.forget("111111111111") is None
        assert "QueueUrls" not in server.client("sqs", aws_access_key_id="111111111111").list_queues()
        assert len(server.client("sqs", aws_access_key_id="222222222222").list_queues()["QueueUrls"]) == 1
        with pytest.raises(ValueError, match="twelve digits"):
            server.forget("12")


def test_flags_reach_the_program(tmp_path):
    init = tmp_path / "infra.yaml"
    init.write_text("queues: {orders: }\n")
    with package.start("--init", str(init)) as server:
        assert server.client("sqs").list_queues()["QueueUrls"] == [f"{server.url}/000000000000/orders"]


def test_a_server_that_does_not_start_says_why():
    with pytest.raises(RuntimeError, match="(?s)topiq ended.*/nowhere.yaml"):
        package.start("--init", "/nowhere.yaml")


def test_a_server_ends_with_its_process():
    program = "import topiq; server = topiq.start(); print(server.url)"
    url = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
    with pytest.raises(OSError):
        urllib.request.urlopen(url + "/health")


def test_the_fixture_points_unchanged_code_to_the_server(topiq):
    assert boto3.client("sqs").create_queue(QueueName="q")["QueueUrl"].startswith(topiq.url)


def test_each_test_has_a_server_of_its_own(topiq):
    assert "QueueUrls" not in boto3.client("sqs").list_queues()


def test_flags_are_a_fixture_and_failures_show_the_log(pytester):
    pytester.makepyfile(
        """
        import pytest, boto3

        @pytest.fixture(scope="session")
        def topiq_flags():
            return ["--account", "123456789012"]

        def test_account(topiq):
            assert "/123456789012/q" in boto3.client("sqs").create_queue(QueueName="q")["QueueUrl"]

        def test_failure(topiq):
            assert False
        """
    )
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*topiq's log*", "*Ready.*"])
