"""What is in the shop: reserves items, gives them back, takes them off the shelf."""

from shop import Service

service = Service("inventory")
items = {
    "book": {"price": 20, "weight": 300, "stock": 9},
    "lamp": {"price": 45, "weight": 1500, "stock": 0},
}
reserved = {}


def reserve(order, data):
    item = items[data["item"]]
    if item["stock"] == 0:
        service.publish("ItemNotAvailable", order, data)
        return
    item["stock"] -= 1
    reserved[order] = data["item"]
    service.publish("ItemReserved", order, data)


def unreserve(order, data):
    items[reserved.pop(order)]["stock"] += 1
    service.publish("ItemUnreserved", order, data)


def describe(order, data):
    item = items[data["item"]]
    service.publish("ItemDescribed", order, {"price": item["price"], "weight": item["weight"]})


def remove(order, data):
    del reserved[order]
    service.publish("ItemRemoved", order, data)


service.run(
    {"ReserveItem": reserve, "UnreserveItem": unreserve, "DescribeItem": describe, "RemoveItem": remove}
)
