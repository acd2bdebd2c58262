"""Shares: the one that rested longest of the largest sharer, whatever came and went before."""

import random

import pytest

from teahouse.gateways.shares import Shares


def test_of_the_largest_sharer_the_one_that_rested_longest_is_next() -> None:
    shares: Shares[str] = Shares()
    for network, holding in [("a", "a1"), ("b", "b1"), ("b", "b2"), ("b", "b3"), ("a", "a2")]:
        shares.add(network, holding)

    assert shares.next_to_go("a") == ("b", "b1")
    shares.touch("b", "b1")
    assert shares.next_to_go("a") == ("b", "b2")
    shares.discard("b", "b2")
    assert shares.next_to_go("b") == ("b", "b3"), "where both hold as many, the newcomer's own network gives"
    assert shares.next_to_go("c") == ("a", "a1"), "else the network that rested longest"
    shares.touch("a", "a1")
    assert shares.next_to_go(None) == ("b", "b3")


def test_where_nothing_is_held_nothing_goes() -> None:
    shares: Shares[int] = Shares()
    assert shares.next_to_go("a") is None
    shares.add("a", 1)
    shares.discard("a", 1)
    assert shares.next_to_go("a") is None
    assert (len(shares), shares.networks, shares.largest) == (0, 0, 0)


@pytest.mark.parametrize("seed", range(20))
def test_it_says_what_counting_anew_would_say(seed: int) -> None:
    dice, shares, held = random.Random(seed), Shares[int](), dict[int, str]()
    for step in range(400):
        if not held or dice.random() < 0.5:
            held[step] = dice.choice("abcdefgh"[: seed % 8 + 1])
            shares.add(held[step], step)
        elif dice.random() < 0.5:
            touched = dice.choice(list(held))
            held[touched] = held.pop(touched)  # the dict keeps the order: least lately used first
            shares.touch(held[touched], touched)
        else:
            gone = dice.choice(list(held))
            shares.discard(held.pop(gone), gone)
        sizes = {network: list(held.values()).count(network) for network in held.values()}
        assert (len(shares), shares.networks, shares.largest) == (len(held), len(sizes), max(sizes.values(), default=0))
        if found := shares.next_to_go(None):
            network, holding = found
            assert sizes[network] == shares.largest
            assert holding == next(each for each, of in held.items() if of == network)
    for each, network in held.items():
        shares.discard(network, each)
    assert len(shares) == 0
    assert shares._held == shares._by_size == {}
