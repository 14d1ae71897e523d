"""Addresses of accounts, within the admin."""

from django.contrib.auth import views
from django.urls import include, path

from config.accounts.views import ResetView, second_factor

urlpatterns = [
    path("admin/second-factor/", second_factor, name="second-factor"),
    path("admin/second-factor/passkeys/", include("django_otp_webauthn.urls")),
    path("admin/password_reset/", ResetView.as_view(), name="admin_password_reset"),
    path("admin/password_reset/done/", views.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path("admin/reset/<uidb64>/<token>/", views.PasswordResetConfirmView.as_view(), name="password_reset_confirm"),
    path("admin/reset/done/", views.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
]
