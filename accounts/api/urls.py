"""Routes of accounts, below /v1."""

from django.urls import path

from accounts.api import audit, changes, clients, identities

urlpatterns = [
    path("api-clients", clients.ApiClientsView.as_view()),
    path("api-clients/<str:clientCode>", clients.ApiClientView.as_view()),
    path("api-clients/<str:clientCode>/keys", clients.ApiKeysView.as_view()),
    path("api-clients/<str:clientCode>/keys/<str:prefix>", clients.ApiKeyView.as_view()),
    path("api-clients/<str:clientCode>/memberships", clients.MembershipsView.as_view()),
    path("api-clients/<str:clientCode>/memberships/<str:membershipId>", clients.MembershipView.as_view()),
    path("api-clients/<str:clientCode>/identities", identities.IdentitiesView.as_view()),
    path("api-clients/<str:clientCode>/identities/<str:identityId>", identities.IdentityView.as_view()),
    path("audit-entries", audit.AuditEntriesView.as_view()),
    path("changes", changes.ChangesView.as_view()),
    *(
        path(f"{resource}/<str:{parameter}>/audittrail", audit.trail_of(resource).as_view())
        for resource, parameter in audit.TRAILS.items()
    ),
]
