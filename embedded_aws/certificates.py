"""A certificate authority for one run, and a certificate for the names that AWS clients call."""

from __future__ import annotations

from collections.abc import Iterable

import trustme

from .settings import REGIONS, Settings


def certificate_names(regions: Iterable[str] = REGIONS) -> tuple[str, ...]:
    """The host names and addresses that the server answers to.

    A wildcard stands for one label only, so that each depth of a name needs its own.
    """
    names = ["127.0.0.1", "localhost", "*.amazonaws.com"]
    for region in regions:
        names += [
            f"*.{region}.amazonaws.com",
            f"*.ecr.{region}.amazonaws.com",
            f"*.dkr.ecr.{region}.amazonaws.com",
            f"*.s3.{region}.amazonaws.com",
            f"*.dkr-ecr.{region}.on.aws",
        ]
    return tuple(names)


def write_certificates(settings: Settings) -> None:
    """Make the authority and the server's certificate, and write both into the run's folder."""
    authority = trustme.CA(organization_name="Embedded AWS")
    certificate = authority.issue_cert(*certificate_names(), organization_name="Embedded AWS")
    authority.cert_pem.write_to_path(str(settings.ca_file))
    settings.server_certificate.touch(mode=0o600)
    certificate.private_key_and_cert_chain_pem.write_to_path(str(settings.server_certificate))
