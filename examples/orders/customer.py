"""Who the customers are."""

from shop import Service

service = Service("customer")
customers = {
    "ada": {"name": "Ada", "address": "1 Analytical Row"},
    "bob": {"name": "Bob", "address": "2 Debtors' Lane"},
}


def describe(order, data):
    service.publish("CustomerDescribed", order, customers[data["customer"]])


service.run({"DescribeCustomer": describe})
