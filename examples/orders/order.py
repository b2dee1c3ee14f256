"""Orders: takes them, and asks the other domains for the next step. It knows their events, not where they run."""

from shop import Service

service = Service("order")
orders = {}


def create(order, data):
    # Stored first, then processed.
    orders[order] = dict(data)
    service.publish("OrderCreated", order, data)
    service.publish("ReserveItem", order, {"item": data["item"]})


def then(command, *members):
    """Learns what an event says, and gives the next command with these members of the order."""

    def step(order, data):
        known = orders[order]
        known.update(data)
        service.publish(command, order, {member: known[member] for member in members})

    return step


def ends(outcome):
    def step(order, data):
        orders[order].update(data, outcome=outcome)
        service.say(f"order {outcome}", order)

    return step


service.run(
    {
        "CreateOrder": create,
        "ItemReserved": then("DescribeItem", "item"),
        "ItemNotAvailable": ends("refused"),
        "ItemDescribed": then("DescribeCustomer", "customer"),
        "CustomerDescribed": then("EstimateDelivery", "address", "weight"),
        "DeliveryEstimated": then("MakePayment", "customer", "price", "delivery_price"),
        "PaymentMade": then("RemoveItem", "item"),
        # The saga: what was reserved is given back.
        "PaymentFailed": then("UnreserveItem", "item"),
        "ItemUnreserved": ends("cancelled"),
        "ItemRemoved": then("StartDelivery", "address", "item"),
        "DeliveryStarted": ends("on its way"),
    }
)
