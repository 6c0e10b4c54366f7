"""Where a request comes from: nobody chooses his own address. Pure: no database."""

from ipaddress import ip_network

import pytest
from django.test import RequestFactory

from shared.access.addresses import client_address, counted_as, is_in

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def came_from(peer: str, forwarded: str | None = None) -> str:
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=peer, **headers))


@pytest.mark.proves("R-179")
@pytest.mark.parametrize("forged", ["127.0.0.1", "10.1.1.1", "198.51.100.1, 10.1.1.1", "nonsense", ""])
def test_without_a_trusted_proxy_the_header_is_worth_nothing(settings, forged):
    settings.TRUSTED_PROXIES = ()
    assert came_from("203.0.113.7", forged) == "203.0.113.7"


@pytest.mark.parametrize("forged", ["127.0.0.1", "10.1.1.1"])
def test_a_stranger_who_is_no_proxy_is_himself(settings, forged):
    settings.TRUSTED_PROXIES = PROXIES
    assert came_from("203.0.113.7", forged) == "203.0.113.7"


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("127.0.0.1, 203.0.113.7", "203.0.113.7"),  # the left part came from the client
        ("10.9.9.9, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("10.0.0.3, 10.0.0.2", "10.0.0.3"),  # a machine of our own network
        ("2001:db8::5", "2001:db8::5"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("203.0.113.7, nonsense", "10.0.0.1"),
        ("203.0.113.7:4711", "10.0.0.1"),
        ("", "10.0.0.1"),
        (None, "10.0.0.1"),
    ],
)
def test_behind_proxies_it_is_the_last_address_that_is_not_one_of_them(settings, forwarded, address):
    settings.TRUSTED_PROXIES = PROXIES
    assert came_from("10.0.0.1", forwarded) == address


def test_a_local_socket_has_no_address(settings):
    assert came_from("", "203.0.113.7") == ""
    assert not is_in("", PROXIES)


def test_networks_and_what_a_limit_counts_by():
    assert is_in("10.4.4.4", PROXIES)
    assert not is_in("203.0.113.7", PROXIES)
    assert counted_as("203.0.113.7") == "203.0.113.7"
    assert counted_as("2001:db8:1:2:aaaa::1") == counted_as("2001:db8:1:2:bbbb::9") == "2001:db8:1:2::"
    assert counted_as("") == ""
