"""What a role may see, and the compiled text of an organization's schema."""

from django.db import models

from shared.kernel.ids import new_id


class TenantModel(models.Model):
    """A row inside one organization's schema: UUIDv7 key made by the application, so keys never meet."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class RoleScope(models.Model):
    """What a workspace role stands for; row security reads it by ``current_user``. Source: TENANCY 5."""

    role_name = models.CharField(max_length=63, primary_key=True)
    organization_id = models.UUIDField(null=True)
    municipality_oktmo = models.CharField(max_length=8, null=True)
    region_code = models.CharField(max_length=2, null=True)
    founder_id = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rolescope_one_meaning",
                condition=models.Q(organization_id__isnull=False)
                | models.Q(municipality_oktmo__isnull=False)
                | models.Q(region_code__isnull=False)
                | models.Q(founder_id__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.role_name


class TemplateScript(models.Model):
    """DDL of the template schema at one fingerprint of migrations; replayed to create an organization.

    ``structure`` is the digest of what that DDL makes: an organization of this fingerprint with another one drifted.
    """

    fingerprint = models.CharField(max_length=32, primary_key=True)
    structure = models.CharField(max_length=32, blank=True, default="", db_default="")
    ddl = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.fingerprint
