"""Takes the money, if there is any."""

from shop import Service

service = Service("payment")
credit = {"ada": 1000, "bob": 5}


def pay(order, data):
    price = data["price"] + data["delivery_price"]
    if credit[data["customer"]] < price:
        service.publish("PaymentFailed", order, {"reason": "not enough credit"})
        return
    credit[data["customer"]] -= price
    service.publish("PaymentMade", order, {"paid": price})


service.run({"MakePayment": pay})
