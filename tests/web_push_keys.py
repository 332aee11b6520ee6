"""What a browser tells of its subscription to Web Push: keys of the example in RFC 8291."""

P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SUBSCRIPTION = {"endpoint": "https://push.example.org/1", "keys": {"p256dh": P256DH, "auth": AUTH}}
