"""Who may have what, where, for how much and when, from facts alone (REQUIREMENTS §2). Pure throughout:
holder, profile, registry facts and the moment come in from outside, and nothing is remembered.
"""

from daemon.center.rules.cards import can_register, card_refusal, has_lapsed
from daemon.center.rules.destination import destination_refusal, municipality_of
from daemon.center.rules.listing import Candidate, Entry, Hidden, Known, Listing
from daemon.center.rules.offers import listed_entry, listing, order_refusal
from daemon.center.rules.people import holder_refusal, is_underage

__all__ = [
    "Candidate",
    "Entry",
    "Hidden",
    "Known",
    "Listing",
    "can_register",
    "card_refusal",
    "destination_refusal",
    "has_lapsed",
    "holder_refusal",
    "is_underage",
    "listed_entry",
    "listing",
    "municipality_of",
    "order_refusal",
]
