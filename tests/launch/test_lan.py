"""The certificate of `--lan`."""

import ssl
from pathlib import Path

import pytest

from tools.launch import lan
from tools.launch.places import Places


def test_the_certificate_is_for_this_address_and_the_key_is_private(tmp_path: Path) -> None:
    address = lan.address(Places(tmp_path), "192.0.2.7", 8000)
    assert address.certificate
    assert address.key
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
        address.certificate, address.key
    )
    assert address.key.stat().st_mode & 0o777 == 0o600
    told = ssl._ssl._test_decode_cert(str(address.certificate))  # type: ignore[attr-defined]
    assert ("IP Address", "192.0.2.7") in told["subjectAltName"]


@pytest.mark.parametrize(("host", "same"), [("192.0.2.7", True), ("192.0.2.8", False)])
def test_a_phone_that_trusts_it_is_asked_again_only_when_the_address_changed(
    tmp_path: Path, host: str, *, same: bool
) -> None:
    first = lan.address(Places(tmp_path), "192.0.2.7", 8000)
    assert first.certificate
    before = first.certificate.read_bytes()
    lan.address(Places(tmp_path), host, 8000)
    assert (first.certificate.read_bytes() == before) is same


def test_the_qr_code_fits_a_terminal() -> None:
    lines = lan.qr_code("https://192.168.100.100:8000").splitlines()
    assert 10 < len(lines) < 24
    assert max(map(len, lines)) <= 80
