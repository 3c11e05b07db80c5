"""The code lists of factors, to look at."""

from django.contrib import admin

from config.administration import ReadOnly
from factors.models import Domain, GlossaryTerm, LifeDomain, LifePhase, Pillar


@admin.register(Pillar, Domain, LifePhase, LifeDomain)
class CodeLists(ReadOnly):
    list_display = ("code", "name_nl", "name_en", "order")
    search_fields = ("code", "name_nl")
    ordering = ("order", "code")


@admin.register(GlossaryTerm)
class Glossary(ReadOnly):
    list_display = ("code", "term_nl", "term_en")
    search_fields = ("code", "term_nl")
    ordering = ("code",)
