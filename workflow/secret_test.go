package workflow_test

import (
	"strings"
	"testing"

	"cloudimage/workflow"
)

// fake builds credentials from parts, so that no tool that looks for leaked
// secrets finds one in this file.
func fake(parts ...string) string { return strings.Join(parts, "") }

func TestLooksSecret(t *testing.T) {
	t.Parallel()
	const key = "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZg"
	secrets := []string{
		// shapes of well-known credentials
		fake("glpat-", "aBcDeFgHiJkLmNoPqRsT"),
		fake("gldt-", "aBcDeFgHiJkLmNoPqRsT"),
		fake("glrt-", "t1_aBcDeFgHiJkLmNoPqRsT"),
		fake("GR1348941", "aBcDeFgHiJkLmNoPqRsT"),
		fake("use xoxb-", "1234567890-abcdefghij for the bot"),
		fake("xapp-", "1-A0123-456-abcdef"),
		fake("https://hooks.slack.com/services/", "T0AAA/B0BBB/abcdefghij"),
		fake("AKIA", "IOSFODNN7EXAMPLE"),
		fake("ASIA", "IOSFODNN7EXAMPLE"),
		fake("ghp_", "abcdefghijklmnopqrstuvwxyz0123456789"),
		fake("github_pat_", "11ABCDEFG0abcdefghijkl_mnop"),
		fake("sk-", "proj-abcdefghijklmnopqrstuvwx"),
		fake("sk_live_", "abcdefghijklmnop1234"),
		fake("npm_", "abcdefghijklmnopqrstuvwxyz0123456789"),
		fake("AIza", "SyA1234567890abcdefghijklmnopqrstuv"),
		fake("dop_v1_", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
		fake("eyJhbGciOiJIUzI1NiJ9.", "eyJzdWIiOiIxMjM0In0.", "abc"),
		fake("ops_", "eyJzaWduSW5BZGRyZXNzIjoi"),
		fake("-----BEGIN RSA ", "PRIVATE KEY-----"),
		fake("-----BEGIN OPENSSH ", "PRIVATE KEY-----\nb3BlbnNzaC1r"),
		fake("-----BEGIN PGP ", "PRIVATE KEY BLOCK-----"),
		fake("PuTTY-User-Key-File-", "3: ssh-ed25519"),
		"https://admin:s3cr3t@registry.example.com/v2",
		"postgres://bot:pw@db.example/cloudimage",
		"https://share.1password.com/s#abcdefgh",
		"DefaultEndpointsProtocol=https;AccountName=a;AccountKey=" + key,
		"https://acme.blob.core.windows.net/vhds/ce.vhd?sv=2022&sig=" + key,
		"https://bucket.s3.amazonaws.com/ce.raw?X-Amz-Signature=abcdef",
		"https://gitlab.example/api/v4/projects?private_token=abcdefgh1234",

		// what is said to be one
		"password: hunter2",
		"Password:hunter2",
		"PASSWORD = hunter2",
		"password=hunter2",
		"passwords: hunter2 and hunter3",
		"The password is hunter2.",
		"the password was Tr0ub4dor&3, I think",
		"password is: hunter2",
		"password:\nhunter2",
		"password: correct horse battery staple",
		"pw: qwertz",
		"pwd: qwertz",
		"passphrase: open sesame",
		"user ana, password: “letmein”",
		"api key: abcdef",
		"API-key = abcdef",
		"apikey: abcdef",
		"aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
		"access key: abcdef",
		"private_token: abcdefgh",
		"token: abcdef",
		"token=abc123def",
		"The token is 9f86d081884c7d65",
		"Client secret: 8Q~abc",
		"secret: swordfish",
		"credentials: ana/hunter2",
		"password: hunter2 (it is in the vault as well)",
		"password: none of your business, it is hunter2; password: hunter2",
		"the old password: see vault. New password: S3same!open",
	}
	for _, text := range secrets {
		if !workflow.LooksSecret(text) {
			t.Errorf("passes, and should not: %q", text)
		}
	}
	innocent := []string{
		"",
		"the token is stored in 1Password",
		"The password is in the vault.",
		"the password is rotated every 90 days",
		"password is valid until 2027-01-15",
		"the password was changed on 2026-03-02",
		"password: see the vault",
		"Password: in 1Password, item “DigitalOcean seller”",
		"password: GitLab Images vault, DO seller",
		"Password: op://GitLab Images/DigitalOcean/password",
		"password: https://start.1password.com/open/i?a=AAA&v=BBB&i=CCC",
		"password: ********",
		"password: -",
		"Password: n/a",
		"password: <from the vault>",
		"export TOKEN=$GITLAB_TOKEN",
		"token: ${GITLAB_TOKEN}",
		"token: not needed",
		"Tokens: none",
		"secret: we must not tell anyone before launch day",
		"The secret is out: they tweeted it",
		"credentials: ask @omar",
		"Credentials are kept in the GitLab Images vault",
		"1Password: GitLab Images",
		"They need an API key; the key is created by their support.",
		"api key: requested from their support",
		"Password reset: done, password policy: 12 characters",
		"Their console asks for a password - is that right?",
		"What is the password?",
		"secret manager: https://console.aws.amazon.com/secretsmanager",
		"https://gitlab.com/gitlab-org/omnibus-gitlab/-/issues/9876",
		"https://gitlab.com/gitlab-org/omnibus-gitlab/-/commit/2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
		"https://docs.example/how-to?topic=token&lang=en",
		"ami-0123456789abcdef0",
		"arn:aws:ec2:us-east-1:123456789012:image/ami-0123456789abcdef0",
		"prod-4lxk2xyzabcde",
		"/subscriptions/0b1f6471-1bf0-4dda-aec3-111122223333/resourceGroups/images",
		"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"release 16.4.1-ee.0, built from v16.4.1",
		"mail aws-marketplace-seller-ops@amazon.com, ticket 00123456",
		"sk-learn is what their demo uses",
		"task-force-for-the-marketplace-launch-2026",
		"AKIA is how their key ids begin",
	}
	for _, text := range innocent {
		if workflow.LooksSecret(text) {
			t.Errorf("is refused, and should pass: %q", text)
		}
	}
}

func TestVaultItem(t *testing.T) {
	t.Parallel()
	step := &workflow.Step{Title: "Account", Evidence: []workflow.Field{{ID: "item", Type: workflow.VaultItem}}}
	check := func(answer string) error {
		_, err := workflow.CheckEvidence(step, map[workflow.FieldID]string{"item": answer}, nil)
		return err
	}
	for _, name := range []string{
		"DigitalOcean seller account",
		"AWS Marketplace (seller)",
		"GitLab-EE/AWS2024",
		"GitLabImages-DigitalOcean",
		"omnibus@gitlab.com",
		"op://GitLab Images/DigitalOcean/password",
		"op://Images/xK9mP2vLq8Zt4Rw7/password",
		"https://start.1password.com/open/i?a=XK9MP2VLQ8&v=ab1cd2ef3gh4&i=zz9yy8",
		"q5qfzvrmabcd1fghijk2mnopqr",
		"S3 backup (eu-west-1)",
		"Ключ DigitalOcean",
		"DO: 2FA device",
	} {
		if err := check(name); err != nil {
			t.Errorf("%q is refused: %v", name, err)
		}
	}
	for _, secret := range []string{
		"xK9mP2vLq8Zt",
		"xK9m-P2vL-q8Zt",
		"aB3$kL9!zQ",
		"DigitalOcean aB3$kL9!zQ",
		"Tr0ub4dor&3",
		"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
		"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		"password: hunter2",
		fake("glpat-", "aBcDeFgHiJkLmNoPqRsT"),
	} {
		wantKind(t, check(secret), workflow.Invalid)
	}
}
