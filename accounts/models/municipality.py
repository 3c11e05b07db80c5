from django.db import models


class Municipality(models.Model):
    """A tenant. Its code is the CBS code (GM0363) and stands on every row that belongs to it."""

    code = models.CharField("CBS-code", max_length=10, primary_key=True)
    name = models.CharField("naam", max_length=100)
    demo = models.BooleanField(default=False)

    class Meta:
        verbose_name, verbose_name_plural = "gemeente", "gemeenten"

    def __str__(self) -> str:
        return self.code
