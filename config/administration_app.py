"""Apart from the site itself, which needs the models: Django reads this before it has any."""

from django.contrib.admin.apps import AdminConfig


class Administration(AdminConfig):
    """Django's admin with our site as the default one."""

    default_site = "config.administration.Site"
