"""Request bodies: declared by hand, and refused when they say something nobody knows."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError


class Body(serializers.Serializer):
    """A JSON object of which every key is known; all faults are told at once."""

    def to_internal_value(self, data: Any) -> Any:
        errors: dict[str, Any] = {}
        values: Any = None
        try:
            values = super().to_internal_value(data)
        except ValidationError as problem:
            if not isinstance(data, dict):
                raise
            errors = dict(problem.detail)  # type: ignore[arg-type]
        text = _("Deze sleutel kennen wij niet.")
        errors |= {str(key): [ErrorDetail(text, "unknown-key")] for key in data if key not in self.fields}
        if errors:
            raise ValidationError(errors)
        return values
