// A form that waited while somebody signed in elsewhere: its CSRF token is the old session's.
// Takes the present one from the cookie when the form is sent.
function present() {
  const found = document.cookie.match(/(?:^|; )(?:__Host-)?csrf=([^;]*)/);
  return found && decodeURIComponent(found[1]);
}

for (const form of document.querySelectorAll("form[data-fresh-token]")) {
  form.addEventListener("submit", () => {
    const field = form.elements.csrfmiddlewaretoken;
    field.value = present() ?? field.value;
  });
}
