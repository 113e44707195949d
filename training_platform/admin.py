from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    default_site = "monitoring.admin_site.StaffAdminSite"
