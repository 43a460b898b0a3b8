"""URLs of notifications: templates, recipients, contracts, the follow-up report, signed files."""

from django.urls import path

from cloud.notices import contract_views, file_views, recipient_views, report_views, template_views

app_name = "notices"
urlpatterns = [
    path("", report_views.report, name="report"),
    path("report.csv", report_views.report_csv, name="report-csv"),
    path("templates/", template_views.templates, name="templates"),
    path("templates/new/<int:organisation>/", template_views.new, name="new-template"),
    path("templates/<int:template>/", template_views.template, name="template"),
    path("templates/<int:template>/rule/", template_views.add_rule, name="add-rule"),
    path("templates/<int:template>/rule/<int:rule>/remove/", template_views.remove_rule, name="remove-rule"),
    path("templates/<int:template>/file/", template_views.add_file, name="add-file"),
    path("templates/<int:template>/file/<int:file>/remove/", template_views.remove_file, name="remove-file"),
    path("recipients/", recipient_views.recipients, name="recipients"),
    path("recipients/new/<int:organisation>/", recipient_views.new, name="new-recipient"),
    path("recipients/copy/<int:organisation>/", recipient_views.copy, name="copy-numbers"),
    path("recipients/<int:recipient>/", recipient_views.recipient, name="recipient"),
    path("recipients/<int:recipient>/remove/", recipient_views.remove, name="remove-recipient"),
    path("contracts/", contract_views.contracts, name="contracts"),
    path("contracts/new/", contract_views.new, name="new-contract"),
    path("contracts/<int:contract>/", contract_views.contract, name="contract"),
    path("contracts/<int:contract>/remove/", contract_views.remove, name="remove-contract"),
    path("contracts/<int:contract>/contact/", contract_views.add_contact, name="add-contract-contact"),
    path(
        "contracts/<int:contract>/contact/<int:contact_person>/remove/",
        contract_views.remove_contact,
        name="remove-contract-contact",
    ),
    path("contracts/<int:contract>/resident/", contract_views.add_resident, name="add-contract-resident"),
    path(
        "contracts/<int:contract>/resident/<int:covered>/remove/",
        contract_views.remove_resident,
        name="remove-contract-resident",
    ),
    path("file/<str:token>/", file_views.file, name="file"),
]
