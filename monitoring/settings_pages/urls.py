"""Below /staff/<study>/settings/. The fixed names stand before `<slug:section>`."""

from django.urls import path

from monitoring.settings_pages import (
    documents,
    draft,
    lists,
    overview,
    publishing,
    sections,
    state,
)

urlpatterns = [
    path("", overview.settings, name="settings"),
    path("open/", state.enter, {"step": "open"}, name="settings_open"),
    path("close/", state.enter, {"step": "close"}, name="settings_close"),
    path("archive/", state.enter, {"step": "archive"}, name="settings_archive"),
    path("eligibility/", lists.eligibility, name="settings_eligibility"),
    path("arms/", lists.arms, name="settings_arms"),
    path("documents/<slug:kind>/", documents.documents, name="settings_documents"),
    path("documents/<slug:kind>/new/", documents.new_draft, name="settings_new_draft"),
    path("documents/<slug:kind>/draft/", draft.draft, name="settings_draft"),
    path("documents/<slug:kind>/draft/publish/", publishing.publish, name="settings_publish"),
    path("documents/<slug:kind>/draft/delete/", draft.delete, name="settings_delete_draft"),
    path("documents/<slug:kind>/<int:version>/", documents.document, name="settings_document"),
    path("<slug:section>/", sections.section, name="settings_section"),
]
