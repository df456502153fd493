//! The list of all server functions. A test holds it against what the macro knows.

use leptos::server_fn::axum::register_explicit;

use crate::actions::{account, bid, challenge, list, panel, race, review};

/// Names every server function to the server, so that none depends on what a linker keeps.
pub fn register() {
    register_explicit::<account::Register>();
    register_explicit::<account::ResendConfirmation>();
    register_explicit::<account::Confirm>();
    register_explicit::<account::SignIn>();
    register_explicit::<account::SignOut>();
    register_explicit::<account::RequestReset>();
    register_explicit::<account::ResetPassword>();
    register_explicit::<account::ChangePassword>();
    register_explicit::<account::EndOtherSessions>();
    register_explicit::<account::Follow>();
    register_explicit::<account::Unfollow>();
    register_explicit::<account::RegisterUnit>();
    register_explicit::<account::Invite>();
    register_explicit::<account::AcceptInvitation>();
    register_explicit::<account::ChangeMembership>();
    register_explicit::<account::MarkRead>();
    register_explicit::<account::MarkAllRead>();
    register_explicit::<account::RetryLetter>();
    register_explicit::<bid::StartBid>();
    register_explicit::<bid::SaveBid>();
    register_explicit::<bid::SubmitBid>();
    register_explicit::<bid::WithdrawBid>();
    register_explicit::<challenge::CreateNeed>();
    register_explicit::<challenge::SaveNeed>();
    register_explicit::<challenge::ProposeNeed>();
    register_explicit::<challenge::ApproveNeed>();
    register_explicit::<challenge::ReturnNeed>();
    register_explicit::<challenge::SaveRule>();
    register_explicit::<challenge::TakeStep>();
    register_explicit::<list::CreateList>();
    register_explicit::<list::SaveList>();
    register_explicit::<list::AddToList>();
    register_explicit::<list::RemoveFromList>();
    register_explicit::<list::PublishList>();
    register_explicit::<panel::SettleEligibility>();
    register_explicit::<panel::SeatExpert>();
    register_explicit::<panel::UnseatExpert>();
    register_explicit::<panel::StartReview>();
    register_explicit::<panel::DeclareInterest>();
    register_explicit::<panel::Recuse>();
    register_explicit::<panel::ProposeDecision>();
    register_explicit::<panel::ApplyDecision>();
    register_explicit::<race::OpenGate>();
    register_explicit::<race::DecideGate>();
    register_explicit::<race::WithdrawFromRace>();
    register_explicit::<review::SaveSheet>();
    register_explicit::<review::SubmitSheet>();
    register_explicit::<review::Abstain>();
}
