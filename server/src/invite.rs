//! Invites: a link that turns one phone into a device of one member.

use domain::people::Member;
use domain::place::Commune;
use domain::protocol::{CheckNumber, JoinReply, JoinRequest};
use domain::{DocId, Document};

use crate::admin;
use crate::app::{random_bytes, random_id};
use crate::error::Error;
use crate::store::{Invite, SecretHash, Store, StoreError, StoreResult, Tx};

pub const HOUR_MS: u64 = 3_600_000;
/// Long enough to be sent in the evening and used in the morning.
pub const LIFE_MS: u64 = 24 * HOUR_MS;
/// Phones that a member may have at once, where nothing else is said: the old one, the new one, and one to spare. An own choice.
pub const PHONES_MAX: usize = 3;

/// Letters that are not mistaken for one another.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const CODE_CHARS: usize = 26;

/// Makes an invite for a member; answers its code, which is stored nowhere.
pub async fn create<S: Store>(store: &S, member: DocId, life_ms: u64, now_ms: u64) -> StoreResult<String> {
    let code = new_code(random_bytes());
    let mut tx = store.write().await?;
    let invite = Invite {
        code: hash(&code),
        member,
        created_ms: now_ms,
        expires_ms: now_ms.saturating_add(life_ms),
        redeemed: None,
    };
    tx.put_invite(&invite).await?;
    tx.commit().await?;
    Ok(code)
}

/// Redeems an invite: answers who the phone now belongs to, and its token. Until it has synced for the first time the
/// same install may ask again, since its first answer may have been lost on the way; it gets a new token and another number,
/// and the old ones are void. Not later: install ids are in every stamp, so they prove nothing.
///
/// Whoever opens the link first is let in at once: nobody stands in the rain for a lead without a signal. That it is the right
/// phone is found out afterwards, by its check number; and a member has no more than `phones_max` phones.
pub async fn redeem<S: Store>(
    store: &S,
    request: &JoinRequest,
    phones_max: usize,
    now_ms: u64,
) -> Result<(JoinReply, String), Error> {
    let mut tx = store.write().await?;
    let invite = tx.invite(hash(&request.code)).await?.ok_or(Error::InviteUnknown)?;
    if invite.redeemed.is_some_and(|(install, _)| install != request.install) {
        return Err(Error::InviteUsed);
    }
    if now_ms >= invite.expires_ms {
        return Err(Error::InviteExpired);
    }
    if request.only_for.is_some_and(|member| member != invite.member) {
        return Err(Error::InviteForOther);
    }
    let stored = tx.documents(&[invite.member]).await?.into_iter().next().ok_or(Error::InviteUnknown)?;
    let member = Member::read(&stored.doc).ok_or(Error::InviteUnknown)?;
    let commune = tx.documents(&[stored.scope]).await?.into_iter().next();
    let commune_name = commune.and_then(|stored| Commune::read(&stored.doc)).map(|commune| commune.title());
    let devices = tx.devices_of(member.id).await?;
    let instance = tx.instance().await?.ok_or(StoreError::Corrupt("an empty instance"))?;
    let others = devices.iter().filter(|device| device.is_live(&instance, now_ms) && device.install != request.install);
    if others.count() >= phones_max {
        return Err(Error::TooManyPhones);
    }
    if invite.redeemed.is_some() {
        let known = devices.iter().find(|device| device.install == request.install);
        if known.is_some_and(|device| device.last_seen_ms > 0 || device.revoked.is_some()) {
            return Err(Error::InviteUsed);
        }
    }
    let token = hex(&random_bytes::<32>());
    let secret = SecretHash::of(token.as_bytes());
    let check = CheckNumber::of(u32::from_be_bytes(random_bytes()));
    admin::enrol_in(&mut tx, member.id, request.install, secret, random_id(), Some(check), now_ms).await?;
    tx.put_invite(&Invite { redeemed: Some((request.install, now_ms)), ..invite }).await?;
    tx.commit().await?;
    let reply = JoinReply {
        member: member.id,
        commune: stored.scope,
        role: member.role,
        name: member.name,
        commune_name: commune_name.unwrap_or_default(),
        server_ms: now_ms,
        check: Some(check),
    };
    Ok((reply, token))
}

/// The part of the link after the server's address. The code is behind `#`: browsers don't send it, logs don't see it.
pub fn link_path(code: &str) -> String {
    format!("/vao#{code}")
}

/// Whether `who` may invite the member of `document`: coordinators everyone of their commune, leads the members who
/// work in one of their areas.
pub fn may_invite(who: &domain::access::Grant, document: &Document, commune: DocId) -> bool {
    use domain::people::Role;
    let Some(member) = Member::read(document).filter(|_| commune == who.commune) else {
        return false;
    };
    match who.role {
        Role::Coordinator => true,
        Role::Lead => member.role == Role::Member && member.areas.iter().any(|area| who.areas.contains(area)),
        Role::Member => false,
    }
}

fn new_code(bits: [u8; 16]) -> String {
    let mut number = u128::from_be_bytes(bits);
    let mut code = String::with_capacity(CODE_CHARS);
    for _ in 0..CODE_CHARS {
        code.push(char::from(LETTERS[(number % 32) as usize]));
        number /= 32;
    }
    code
}

/// As people may type it: capitals, spaces, dashes, an O for a zero.
fn hash(code: &str) -> SecretHash {
    let plain: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| match letter.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .take(2 * CODE_CHARS)
        .collect();
    SecretHash::of(plain.as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_holds_all_its_bits() {
        assert_eq!(new_code([0; 16]), "0".repeat(26));
        assert_ne!(new_code([0xff; 16]), new_code([0xfe; 16]));
        assert_eq!(new_code(1_u128.to_be_bytes()).len(), CODE_CHARS);
    }

    #[test]
    fn a_code_may_be_typed_as_people_type() {
        assert_eq!(hash("ab01-23"), hash(" ABO123 "));
        assert_eq!(hash("10"), hash("lO"));
        assert_ne!(hash("10"), hash("11"));
    }
}
