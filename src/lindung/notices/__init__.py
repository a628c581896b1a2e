"""What people are told and how it reaches them: an outbox for e-mail, SMS, WhatsApp and paper letters."""
