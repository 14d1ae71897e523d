// A passkey was made: the page shows how the second factor stands.
document.addEventListener("otp_webauthn.register_complete", (event) => {
  location.assign(event.target.dataset.next);
});
