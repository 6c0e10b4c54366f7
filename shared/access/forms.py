"""Shape of the forms of signing in, of the password and of the second factor."""

from django import forms

from shared.accounts.passwords import POLICY


class SignInForm(forms.Form):
    login = forms.CharField(
        label="Логин", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label="Пароль",
        strip=False,
        max_length=POLICY.max_length,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ConfirmForm(forms.Form):
    """A dangerous act is confirmed by the password."""

    password = forms.CharField(label="Ваш пароль", strip=False, max_length=POLICY.max_length)


class PasswordForm(forms.Form):
    current = forms.CharField(
        label="Текущий пароль",
        strip=False,
        max_length=POLICY.max_length,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="Новый пароль",
        strip=False,
        max_length=POLICY.max_length,
        help_text=f"Не короче {POLICY.min_length} знаков, не из списка частых паролей и не похожий на логин и имя.",
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


class CodeForm(forms.Form):
    """Six digits of the app, or a recovery code."""

    code = forms.CharField(
        label="Код из приложения",
        max_length=40,
        help_text="Шесть цифр. Если телефона нет под рукой, введите резервный код.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "inputmode": "text"}),
    )


class EnrollForm(forms.Form):
    """The first code of a new app proves that it has the secret."""

    code = forms.CharField(
        label="Код из приложения",
        max_length=10,
        help_text="Шесть цифр, которые приложение показывает сейчас.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class KeyForm(forms.Form):
    """The answer of a new key, put in by the page's script, and what to call it."""

    answer = forms.CharField(widget=forms.HiddenInput, max_length=20_000)
    name = forms.CharField(
        label="Название ключа", max_length=60, required=False, help_text="Например: «брелок» или «рабочий компьютер»."
    )
