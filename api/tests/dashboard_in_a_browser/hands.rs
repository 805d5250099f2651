//! What a browser cannot do: look into a mail server, be known to a provider, let time pass, and what operators do.

use chrono::{TimeDelta, Utc};
use commands::{Commands, Context, InviteUser, OpenAccountForAdmin};
use domain::{Actor, AuthMethod, AuthMethodId, AuthMethodKind, Role};
use event_store::MasterKeys;
use mail_parser::MessageParser;
use projections::accounts::list_accounts;
use projections::users::find_user;
use reqwest::Url;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::office;
use crate::program::MASTER_KEY;
use crate::world::World;

/// Something that a script asks for.
#[derive(Deserialize)]
#[serde(tag = "wish", rename_all = "snake_case")]
pub(crate) enum Wish {
    /// The path of the link of a kind, such as `invitations`, in the newest of so many mails to an address that hold one.
    Link { to: String, count: usize, kind: String },
    /// Someone is known to the provider.
    Person { id: String, claims: Value },
    /// The path of the link of an invitation whose time is over.
    ExpiredInvitation { email: String },
    /// The first account, with only Ada in it: the token of her session.
    Opened { name: String },
    /// The first account, in use by a team: the tokens of some sessions.
    Office,
    /// A second account, whose first admin is invited.
    Account { name: String, slug: String, admin: String },
    /// So many more users.
    Crowd { count: i32 },
}

impl Wish {
    /// Does it: what the script is answered.
    pub(crate) async fn grant(self, world: &World) -> Value {
        match self {
            Self::Link { to, count, kind } => json!({ "path": link(world, &to, count, &kind).await }),
            Self::Person { id, claims } => {
                world.google.set_person(&id, claims).await;
                json!({})
            }
            Self::ExpiredInvitation { email } => json!({ "path": expired_invitation(world, email).await }),
            Self::Opened { name } => office::open(world, name).await,
            Self::Office => office::furnish(world).await,
            Self::Account { name, slug, admin } => {
                let operator = Context::new(Actor::Operator, None, Utc::now());
                let input = OpenAccountForAdmin { name, slug, admin_email: admin };
                commands(world).open_account_for_admin(&operator, &input).await.unwrap();
                json!({})
            }
            Self::Crowd { count } => {
                crowd(world, count).await;
                json!({})
            }
        }
    }
}

/// Other mails may come between them.
async fn link(world: &World, to: &str, count: usize, kind: &str) -> String {
    let mut expected = count;
    loop {
        let mails = world.smtp.wait_for(to, expected).await;
        let links: Vec<_> = mails.iter().filter_map(|mail| path_of_link(&mail.raw, kind)).collect();
        match links.get(count - 1) {
            Some(path) => return path.clone(),
            None => expected = mails.len() + 1,
        }
    }
}

fn path_of_link(mail: &[u8], kind: &str) -> Option<String> {
    let message = MessageParser::default().parse(mail)?;
    let text = message.body_text(0)?;
    let link = text.split_whitespace().find(|word| word.starts_with("http") && word.contains(&format!("/{kind}/")))?;
    Some(Url::parse(link).ok()?.path().to_owned())
}

/// The server's clock cannot be moved: the invitation is sent on another one.
async fn expired_invitation(world: &World, email: String) -> String {
    let (commands, pool) = (commands(world), world.pool());
    let account = list_accounts(&pool, 1).await.unwrap().remove(0);
    let yesterday = Context::new(Actor::Operator, None, Utc::now() - TimeDelta::hours(24));
    let auth_methods = vec!["password".to_owned()];
    let input = InviteUser { email, role: Role::Viewer, auth_methods, idempotency_key: None };
    let user_id = commands.invite_user(&yesterday, account.id, &input).await.unwrap().user_id;
    let user = find_user(&pool, account.id, user_id).await.unwrap().unwrap();
    let token = commands.invitation_token(&yesterday, user_id, user.invitation_id).unwrap();
    format!("/{}/invitations/{}", account.slug, token.expose())
}

/// People of whom only the list knows: no one looks at their history.
async fn crowd(world: &World, count: i32) {
    let insert = "
        insert into users (account_id, id, version, email, email_normalised, name, role, status, auth_methods, created_at,
            last_active_at, invitation_id, invitation_sent_at, invitation_expires_at, sessions_valid_from)
        select a.id, gen_random_uuid(), 3, address, address, 'Person ' || n, case when n % 4 = 0 then 'editor' else 'viewer' end,
            case when n % 50 = 7 then 'inactive' when n % 10 = 3 then 'invited' else 'active' end, array['password'],
            now() - n * interval '30 seconds', case when n % 10 <> 3 then now() - n * interval '1 minute' end,
            gen_random_uuid(), now(), now() + n % 997 * interval '1 minute', now()
        from (select count(*)::int4 as before from users where email_normalised like 'person.%') crowd,
            generate_series(before + 1, before + $1) n, accounts a, lateral (select 'person.' || n || '@acme.example' as address) people";
    sqlx::query(insert).bind(count).execute(&world.pool()).await.unwrap();
    sqlx::query("analyze users").execute(&world.pool()).await.unwrap();
}

/// The commands of the server, for what is done beside it.
pub(crate) fn commands(world: &World) -> Commands {
    let way = |id: &str, kind, label: &str| AuthMethod { id: AuthMethodId::parse(id).unwrap(), kind, label: label.to_owned() };
    let methods =
        vec![way("password", AuthMethodKind::Password, "Email and password"), way("google", AuthMethodKind::OpenIdConnect, "Google")];
    Commands::new(world.pool(), &MasterKeys::parse(MASTER_KEY).unwrap(), methods)
}
