"""All SQL of sessions: our own clients' sessions, and the apps, codes and tokens of OAuth."""
