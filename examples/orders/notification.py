"""Tells customers how it goes. It came later: a rule of its own, and no other service was touched."""

from shop import Service

service = Service("notification")


def tells(text):
    return lambda order, data: service.say(text, order)


service.run(
    {
        "OrderCreated": tells("We have your order"),
        "PaymentFailed": tells("Your payment failed"),
        "DeliveryStarted": tells("It is on its way to you"),
    }
)
