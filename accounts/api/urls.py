"""Accounts have no endpoints of their own yet; keys are issued by command."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
