"""Which treaty a sentence speaks of."""

import pytest

from news.facts.which_treaty import may_be_another


@pytest.mark.parametrize(
    "sentence",
    [
        "The Convention has 165 States Parties.",
        "Convention: 165 States Parties.",
        "This treaty binds 165 States.",
        "It has 165 parties.",
        "The Ottawa Treaty has 165 parties.",
        "Today 165 States have joined Ottawa Convention.",
        "Norway has joined the 1997 Anti-Personnel Mine Ban Convention.",
        "The UN landmine ban has 165 parties.",
        "The international Mine-Ban Treaty is bound to last.",
        "The Convention of 1997 has 165 parties.",
        "The Convention on the Prohibition of the Use, Stockpiling, Production and Transfer of Anti-Personnel Mines has parties.",
        "The treaty banning landmines has 165 parties.",
        "The treaty on anti-personnel mines has 165 parties.",
        "Estonia left the Convention on .",
        "Estonia left the Convention on , as it had said.",
        "Estonia left the treaty on and Latvia too.",
        "Estonia deposited its instrument of withdrawal.",
        "The instrument of accession was deposited.",
        "States that ban mines met.",
        "According to the UN, 165 States are party to the Convention.",
    ],
)
def test_is_ours(sentence):
    assert not may_be_another(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The Antarctic Treaty has 58 parties.",
        "The Test Ban Treaty has 178 parties.",
        "A peace treaty has 2 parties.",
        "An international convention has 165 parties.",
        "Egypt is a party to the Treaty of Pelindaba.",
        "Egypt is a party to the Convention against Torture.",
        "The treaty with Iran has two parties.",
        "The treaty banning cluster bombs has parties.",
        "The treaty banning poison gas has parties.",
        "The Convention on Wetlands has 172 parties. And mines are another matter.",
        "Convention 182 has 187 parties.",
        "Convention No. 182 has 187 parties.",
        "The Convention of 1951 has 146 parties.",
        "The Convention on Friday gains a party.",
        "The Montreal Protocol has 198 parties.",
        "The Paris Agreement has 195 parties.",
        "Their sister convention has 112 parties.",
        "The CCW has 128 parties.",
        "The Refugee Convention has 146 parties.",
        "It left the treaty, not the Outer Space Treaty.",
        "The Warsaw instrument has parties.",
        "Its other instrument has parties.",
        "The instrument for arms has 3 parties.",
        "The poison ban has 3 parties.",
        "A ban has 3 parties.",
    ],
)
def test_may_be_another(sentence):
    assert may_be_another(sentence)
