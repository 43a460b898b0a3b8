"""URLs of notifications: templates, recipients, the follow-up report, signed files."""

from django.urls import path

from cloud.notices import file_views, recipient_views, report_views, template_views

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
    path("file/<str:token>/", file_views.file, name="file"),
]
