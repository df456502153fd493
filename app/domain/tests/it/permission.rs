//! The role x action matrix as a committed snapshot: its diff is read in review.

use domain::actor::{Actor, Held, Role};
use domain::id::{OrganisationId, PersonId};
use domain::permission::{Action, Facts, decide};
use domain::refusal::Refusal;
use uuid::Uuid;

const ISSUER: OrganisationId = OrganisationId(Uuid::from_u128(1));
const LEAD: OrganisationId = OrganisationId(Uuid::from_u128(2));
const OTHER: OrganisationId = OrganisationId(Uuid::from_u128(3));
const ME: PersonId = PersonId(Uuid::from_u128(10));
const SOMEBODY: PersonId = PersonId(Uuid::from_u128(11));

fn person(roles: &[(Role, OrganisationId)]) -> Actor {
    Actor {
        person: Some(ME),
        name: "me".to_owned(),
        email: "me@unveil.test".to_owned(),
        email_confirmed: true,
        held: roles
            .iter()
            .map(|(role, organisation)| Held {
                role: *role,
                organisation: *organisation,
                organisation_name: String::new(),
            })
            .collect(),
    }
}

/// Who asks, about what.
fn cast() -> Vec<(&'static str, Actor, Facts)> {
    let opened =
        Facts { issuer: Some(ISSUER), lead_unit: Some(LEAD), owner: Some(SOMEBODY), ..Facts::default() };
    let sealed = Facts { sealed: true, ..opened.clone() };
    let seated = Facts { owner: Some(ME), seated: true, ..opened.clone() };
    let declared = Facts { declared: true, ..seated.clone() };
    let unconfirmed = Actor { email_confirmed: false, ..person(&[(Role::Team, LEAD)]) };
    vec![
        ("public", Actor::public(), opened.clone()),
        ("stranger", person(&[]), opened.clone()),
        ("stranger's own account", person(&[]), Facts { owner: Some(ME), ..Facts::default() }),
        ("organiser, sealed", person(&[(Role::Organiser, OTHER)]), sealed.clone()),
        ("organiser, opened", person(&[(Role::Organiser, OTHER)]), opened.clone()),
        ("own issuer, sealed", person(&[(Role::Issuer, ISSUER)]), sealed.clone()),
        ("own issuer, opened", person(&[(Role::Issuer, ISSUER)]), opened.clone()),
        ("own issuer, awarded", person(&[(Role::Issuer, ISSUER)]), Facts { awarded: true, ..opened.clone() }),
        ("other issuer", person(&[(Role::Issuer, OTHER)]), opened.clone()),
        ("own team, sealed", person(&[(Role::Team, LEAD)]), sealed.clone()),
        ("own team, unconfirmed", unconfirmed, sealed.clone()),
        ("other team, opened", person(&[(Role::Team, OTHER)]), opened.clone()),
        ("issuer's own team", person(&[(Role::Team, ISSUER), (Role::Issuer, ISSUER)]), sealed.clone()),
        ("expert without seat", person(&[(Role::Expert, OTHER)]), opened.clone()),
        ("expert seated, sealed", person(&[(Role::Expert, OTHER)]), Facts { sealed: true, ..seated.clone() }),
        ("expert seated", person(&[(Role::Expert, OTHER)]), seated),
        ("expert declared", person(&[(Role::Expert, OTHER)]), declared.clone()),
        ("expert in conflict", person(&[(Role::Expert, OTHER)]), Facts { conflict: true, ..declared }),
        ("auditor, sealed", person(&[(Role::Auditor, OTHER)]), sealed),
        ("auditor, opened", person(&[(Role::Auditor, OTHER)]), opened),
    ]
}

fn word(decision: Result<(), Refusal>) -> String {
    match decision {
        Ok(()) => "yes".to_owned(),
        Err(refusal) => {
            let value = serde_json::to_value(&refusal).unwrap();
            value["refusal"].as_str().unwrap().to_owned()
        }
    }
}

fn matrix() -> String {
    let mut out =
        String::from("# actor, state of things: action = decision. Regenerate with UNVEIL_BLESS=1.\n");
    for (who, actor, facts) in cast() {
        out.push_str(&format!("\n[{who}]\n"));
        for action in Action::ALL {
            out.push_str(&format!("{} = {}\n", action.key(), word(decide(&actor, *action, &facts))));
        }
    }
    out
}

#[test]
fn the_matrix_is_the_one_that_was_reviewed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/permission_matrix.txt");
    let now = matrix();
    if std::env::var_os("UNVEIL_BLESS").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let reviewed = std::fs::read_to_string(path).unwrap();
    for (line, (new, old)) in now.lines().zip(reviewed.lines()).enumerate() {
        assert_eq!(new, old, "line {}", line + 1);
    }
    assert_eq!(now.lines().count(), reviewed.lines().count());
}

#[test]
fn nobody_but_the_team_reads_a_sealed_bid() {
    for (who, actor, facts) in cast() {
        let sealed = Facts { sealed: true, ..facts };
        let may = decide(&actor, Action::ReadBid, &sealed).is_ok();
        assert_eq!(may, actor.has_in(Role::Team, LEAD), "{who}");
    }
}

#[test]
fn the_public_may_do_nothing_that_needs_a_person() {
    for action in Action::ALL {
        assert_eq!(
            decide(&Actor::public(), *action, &Facts::default()),
            Err(Refusal::SignInNeeded),
            "{action:?}"
        );
    }
}

#[test]
fn organisers_and_auditors_never_score_and_auditors_never_write() {
    let seatless = Facts { issuer: Some(ISSUER), lead_unit: Some(LEAD), ..Facts::default() };
    for role in [Role::Organiser, Role::Auditor] {
        assert!(decide(&person(&[(role, OTHER)]), Action::WriteSheet, &seatless).is_err());
    }
    let reads = [
        Action::ReadNeed,
        Action::ReadPanelSheet,
        Action::ReadBid,
        Action::ReadAuditLog,
        Action::RegisterUnit,
    ];
    for action in Action::ALL {
        let may = decide(&person(&[(Role::Auditor, OTHER)]), *action, &seatless).is_ok();
        assert_eq!(may, reads.contains(action), "{action:?}");
    }
}
