"""Stories for the bench's player, made to measure."""

from daemon.bench.scenario import Expectation, Scenario, Step


def residence_certificate(
    card: str = "taro",
    items: tuple[str, ...] = (),
    copies: int = 1,
    coins: tuple[int, ...] = (500,),
    scope: str = "self",
    names: tuple[int, ...] = (),
) -> Scenario:
    """Somebody gets a 住民票の写し, overpays, and takes the change, the paper and the receipt.

    names: places on the picker, for 世帯の一部.
    """
    picked = (Step(see="persons", press=(*(f"person.{name}" for name in names), "confirm")),)
    steps = (
        Step(see="start", press=("services",)),
        Step(see="services", press=("issue",)),
        Step(see="card", place=card),
        Step(see="municipality", press=("own", "confirm")),
        Step(see="pin", pin="right"),
        Step(see="removal", take="card"),
        Step(see="certificate", press=("kind.juminhyo", "confirm")),
        Step(see="scope", press=(f"scope.{scope}", "confirm")),
        *(picked if names else ()),
        Step(see="items", press=(*(f"item.{item}.yes" for item in items), "confirm")),
        Step(see="copies", press=("confirm",) if copies == 1 else (f"key.{copies}", "confirm")),
        Step(see="confirm", press=("confirm",)),
        Step(see="payment", insert=coins),
        Step(see="take-money", tap=True),
        Step(see="take", take="paper"),
        Step(see="receipt", tap=True),
        Step(see="thanks", tap=True),
        Step(see="start"),
    )
    kept = 200 * copies
    return Scenario("a 住民票の写し", Expectation("complete", delivered=copies, kept=kept), steps)
