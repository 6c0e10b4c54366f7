// A page whose only purpose is to carry a one-time code to another host sends itself; the button stays for no-JS.
document.querySelector("[data-asuso-autosubmit]")?.requestSubmit();
