"""What programs have written once already, so that a request sent again writes nothing a second time."""

from __future__ import annotations

from django.db import models

from shared.kernel.ids import new_id


class AcceptedWrite(models.Model):
    """A key that a caller gave to one request, and what the request made. Source: ARCHITECTURE 8.

    Public, so that it costs organizations no table; therefore nothing of a person stands here. Key and request are
    keyed digests, and the answer to a repeat is read anew from the organization with the rights of that moment.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization_id = models.UUIDField()
    account_id = models.UUIDField()
    key_digest = models.CharField(max_length=64)
    request_digest = models.CharField(max_length=64)
    made_id = models.UUIDField(null=True)  # written before the transaction ends: nobody else ever reads NULL
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="acceptedwrite_once", fields=["organization_id", "account_id", "key_digest"]),
        ]
        indexes = [models.Index(name="acceptedwrite_at", fields=["at"])]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M}"
