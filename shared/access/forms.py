"""Shape of the sign-in and password forms."""

from django import forms


class SignInForm(forms.Form):
    login = forms.CharField(
        label="Логин", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label="Пароль", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class PasswordForm(forms.Form):
    current = forms.CharField(
        label="Текущий пароль", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label="Новый пароль",
        strip=False,
        max_length=200,
        help_text="Не короче 12 знаков, не из списка частых паролей и не похожий на логин.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    repeated = forms.CharField(
        label="Новый пароль ещё раз",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_repeated(self) -> str:
        repeated = str(self.cleaned_data["repeated"])
        if repeated != self.cleaned_data.get("new"):
            raise forms.ValidationError("Пароли не совпали. Введите новый пароль ещё раз.")
        return repeated
