"""An empty page between each two fronts, so that no sheet is printed on another's back."""

from random import Random

import pytest

from daemon.center.documents.backs import with_empty_backs
from daemon.center.documents.residence import juminhyo
from daemon.issuance.pages import page_texts
from tests.center.documents.people import a_resident, letterhead
from tests.center.world import press


@pytest.mark.parametrize("count", [1, 2, 4])
def test_fronts_and_empty_backs_take_turns(count: int) -> None:
    people = [a_resident(Random(at), at) for at in range(count)]
    fronts = press().draw(juminhyo(letterhead("住民票の写し"), people, (), "part"), "1").pdf
    texts = page_texts(with_empty_backs(fronts))
    assert texts[::2] == page_texts(fronts)
    assert len(texts) == 2 * count - 1
    assert not "".join(texts[1::2]).strip()
