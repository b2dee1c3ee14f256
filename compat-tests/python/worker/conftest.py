"""A broker at the endpoint, and shops that close after the test."""

import pytest
from conftest import ACCOUNT, REGION
from workers import Shop, made_queues


@pytest.fixture(scope="session")
def broker(endpoint):
    """The broker's URL and the transport's options, to be completed by each test."""
    if endpoint is None:
        return "sqs://", {"region": REGION}
    place = endpoint.removeprefix("http://")
    return f"sqs://{ACCOUNT}:anything@{place}", {"region": REGION, "is_secure": False}


@pytest.fixture
def open_shop(tmp_path, broker, prefix):
    """Opens shops, each in its folder: with options of the transport, and further settings of Celery by name.

    Shops close before the queues with `prefix` are deleted.
    """
    shops = []

    def run(transport_options, **settings):
        url, options = broker
        folder = tmp_path / f"shop-{len(shops)}"
        folder.mkdir()
        defaults = {
            "broker_url": url,
            "broker_transport_options": options | {"wait_time_seconds": 5} | transport_options,
            "broker_connection_retry_on_startup": True,
            "worker_concurrency": 2,
        }
        shops.append(Shop(folder, defaults | settings))
        return shops[-1]

    yield run
    for shop in shops:
        shop.close()


@pytest.fixture
def prefix(sqs, new_name):
    """A prefix of queue names; queues with it are deleted after the test."""
    prefix = new_name("-")
    yield prefix
    for url in made_queues(sqs, prefix):
        sqs.delete_queue(QueueUrl=url)
