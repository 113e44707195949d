app_name = "health"
urlpatterns: list[object] = []
