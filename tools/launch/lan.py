"""`--lan`: other devices on the network reach this machine, by HTTPS with a self-made certificate.

Camera, push messages, passkeys and the offline mode of a phone need a secure origin.
"""

import datetime as dt
import io
import ipaddress
import socket
from pathlib import Path

import segno
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tools.launch.console import Problem
from tools.launch.places import Places
from tools.launch.programs import Address

_DAYS = 365
_RENEW_BEFORE = dt.timedelta(days=30)
_ELSEWHERE = ("192.0.2.1", 9)  # an address kept for documentation: nothing is sent there


def address(places: Places, host: str, port: int) -> Address:
    """Return the address on the network, with a certificate for it; `host` "" means: find it."""
    host = host or own_address()
    folder = places.state / "lan"
    folder.mkdir(mode=0o700, exist_ok=True)
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    if not _still_good(certificate, host):
        _make_certificate(certificate, key, host)
    return Address(port=port, host=host, certificate=certificate, key=key)


def own_address() -> str:
    """Return this machine's address on its network; raises Problem when it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError as error:
            hint = "No network found. Name this machine's address: --lan 192.168.1.20"
            raise Problem(hint) from error
        return str(probe.getsockname()[0])


def qr_code(text: str) -> str:
    """Return the text as a QR code for the terminal."""
    drawn = io.StringIO()
    segno.make(text, error="m", micro=False).terminal(out=drawn, border=2, compact=True)
    return drawn.getvalue()


def _still_good(path: Path, host: str) -> bool:
    try:
        found = x509.load_pem_x509_certificate(path.read_bytes())
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (FileNotFoundError, ValueError, x509.ExtensionNotFound):
        return False
    soon = dt.datetime.now(dt.UTC) + _RENEW_BEFORE
    known = names.get_values_for_type(x509.IPAddress)
    return ipaddress.ip_address(host) in known and found.not_valid_after_utc > soon


def _make_certificate(path: Path, key_path: Path, host: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Tomoni on {host}")])
    now = dt.datetime.now(dt.UTC)
    names: list[x509.GeneralName] = [
        x509.IPAddress(ipaddress.ip_address(host)),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
        x509.DNSName("localhost"),
    ]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    key_path.touch(mode=0o600)
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
