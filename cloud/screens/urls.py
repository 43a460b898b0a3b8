"""URLs of the desk's device pages."""

from django.urls import path

from cloud.screens import adding_views, fleet_views, group_views, many_views, views

app_name = "screens"
urlpatterns = [
    path("", fleet_views.devices, name="devices"),
    path("rows/", fleet_views.device_rows, name="device-rows"),
    path("add/", adding_views.add, name="add"),
    path("bulk/preview/", fleet_views.preview, name="bulk-preview"),
    path("bulk/", fleet_views.carry_out, name="bulk"),
    path("many/", many_views.change_many, name="change-many"),
    path("many/send/", many_views.carry_out, name="send-many"),
    path("many/templates/keep/", many_views.keep_template, name="keep-template"),
    path("many/templates/<int:view_template>/remove/", many_views.remove_template, name="remove-template"),
    path("many/groups/", group_views.groups, name="groups"),
    path("many/groups/<int:group>/", group_views.group, name="group"),
    path("many/groups/<int:group>/members/", group_views.set_members, name="group-members"),
    path("many/groups/<int:group>/remove/", group_views.remove, name="remove-group"),
    path("many/<int:change>/", many_views.change, name="view-change"),
    path("many/<int:change>/state/", many_views.change_state, name="view-change-state"),
    path("many/<int:change>/undo/", many_views.undo, name="undo-change"),
    path("<slug:pk>/sheet/", adding_views.sheet, name="sheet"),
    path("<slug:pk>/", views.device, name="device"),
    path("<slug:device>/row/", fleet_views.device_row, name="device-row"),
    path("<slug:pk>/state/", views.state, name="state"),
    path("<slug:pk>/preview/", views.show_preview, name="preview"),
    path("<slug:pk>/view/", views.save_view, name="save-view"),
    path("<slug:pk>/device/", views.save_device, name="save-device"),
]
