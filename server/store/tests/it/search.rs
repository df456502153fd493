//! Search: the same hits on both databases, in both languages, with figures that agree.

use domain::challenge::{State, Typed};
use domain::id::ChallengeId;
use domain::view::public::{AmountBand, SearchPage, SearchQuery, SearchSort};
use entity::challenge;
use sea_orm::{ActiveModelTrait, EntityTrait, Set};
use std::collections::BTreeSet;
use store::command::list;
use store::query::public;
use testkit::World;
use testkit::samples::{filled_need, panel_rule};

/// Title, English title, domain, amount in 万元.
const NEEDS: &[(&str, &str, &str, &str)] = &[
    ("重晶石浮选提纯", "Barite flotation", "mineral-resources", "300"),
    ("高纯硫酸钡制备", "High-purity barium sulphate", "new-materials", "80"),
    ("刺梨深加工与保鲜", "Processing of Rosa roxburghii", "agriculture-and-food", "9.5"),
    ("PBAT与PLA生产工艺", "PBAT and PLA processes", "new-materials", ""),
    ("喀斯特生态修复", "Karst restoration with a barite mine", "ecology", "1200"),
];

async fn published(world: &World) -> Vec<ChallengeId> {
    let closes_at = world.deadline().await;
    let mut ids = Vec::new();
    for (index, (title, title_en, domain, amount)) in NEEDS.iter().enumerate() {
        let mut need = Typed::new();
        for (field, value) in filled_need() {
            // Only titles tell the needs apart.
            let value = match field.as_str() {
                "title" => (*title).to_owned(),
                "title_en" => (*title_en).to_owned(),
                "domain" => (*domain).to_owned(),
                "amount" => (*amount).to_owned(),
                "background" | "research" | "difficulty" => "略".to_owned(),
                "keywords" | "ceiling" => String::new(),
                "issuer_shown" => "某公司".to_owned(),
                _ => value,
            };
            need.insert(field, value);
        }
        ids.push(world.approved_need(&need, &panel_rule(), &format!("S-{index}"), closes_at).await);
    }
    let list = world.list_of("S", &ids).await;
    list::publish(&world.store, &world.actor("rui"), list, None).await.unwrap();
    ids
}

async fn search(world: &World, query: SearchQuery) -> SearchPage {
    public::search(&world.store, query).await.unwrap()
}

fn words(text: &str) -> SearchQuery {
    SearchQuery { words: text.to_owned(), ..SearchQuery::default() }
}

async fn set_state(world: &World, id: ChallengeId, state: &str) {
    let row = challenge::Entity::find_by_id(id.0).one(world.connection()).await.unwrap().unwrap();
    let mut row: challenge::ActiveModel = row.into();
    row.state = Set(state.to_owned());
    row.update(world.connection()).await.unwrap();
}

testkit::both! {
    async fn words_of_both_languages_find_the_same_everywhere(world) {
        let ids = published(world).await;
        let check = async |text: &str, expected: &[usize]| {
            let page = search(world, words(text)).await;
            let found: BTreeSet<ChallengeId> = page.hits.rows.iter().map(|card| card.id).collect();
            let wanted: BTreeSet<ChallengeId> = expected.iter().map(|index| ids[*index]).collect();
            assert_eq!(found, wanted, "{text}");
            assert_eq!(page.total, expected.len() as u64, "{text}");
            for facet in [
                page.domains.iter().map(|(_, count)| count).sum::<u64>(),
                page.states.iter().map(|(_, count)| count).sum(),
                page.amounts.iter().map(|(_, count)| count).sum(),
            ] {
                assert_eq!(facet, page.total, "{text}");
            }
        };
        check("", &[0, 1, 2, 3, 4]).await;
        check(" ，!! ", &[0, 1, 2, 3, 4]).await;
        check("重晶石", &[0]).await;
        check("晶石", &[0]).await;
        check("刺梨", &[2]).await;
        check("barite", &[0, 4]).await;
        check("BARI", &[0, 1, 4]).await;
        check("bari flotation", &[]).await;
        check("barite flot", &[0]).await;
        check("pbat", &[3]).await;
        check("pbat 生产", &[3]).await;
        check("生态 barite", &[4]).await;
        check("S-3", &[3]).await;
        check("new-materials", &[1, 3]).await;
        check("石墨", &[]).await;
        check("%", &[0, 1, 2, 3, 4]).await;
        check("'; DROP TABLE challenge; --", &[]).await;
        check("a\u{0}b", &[]).await;
    }

    async fn each_facet_counts_what_its_other_choices_would_find(world) {
        published(world).await;
        let page = search(world, SearchQuery { domain: Some("new-materials".to_owned()), ..SearchQuery::default() }).await;
        assert_eq!(page.total, 2);
        assert_eq!(page.domains.len(), 4, "the other domains still show what they hold");
        assert_eq!(page.amounts, vec![(AmountBand::UpTo100Wan, 1), (AmountBand::NotStated, 1)]);
        let both = SearchQuery { amount: Some(AmountBand::NotStated), ..page.query.clone() };
        let page = search(world, both).await;
        assert_eq!((page.total, page.hits.rows.len()), (1, 1));
        assert_eq!(page.domains, vec![("new-materials".to_owned(), 1)]);
        assert_eq!(page.amounts.len(), 2);
        for (band, count) in [
            (AmountBand::UpTo10Wan, 1), (AmountBand::UpTo50Wan, 0), (AmountBand::UpTo100Wan, 1),
            (AmountBand::UpTo500Wan, 1), (AmountBand::Above500Wan, 1), (AmountBand::NotStated, 1),
        ] {
            let page = search(world, SearchQuery { amount: Some(band), ..SearchQuery::default() }).await;
            assert_eq!((page.total, page.hits.rows.len()), (count, usize::try_from(count).unwrap()), "{band:?}");
        }
    }

    async fn a_decided_challenge_looks_like_one_in_review(world) {
        let ids = published(world).await;
        set_state(world, ids[0], "review").await;
        let undecided = search(world, words("重晶石")).await;
        let undecided_page = public::challenge(&world.store, &world.actor("public"), ids[0]).await.unwrap();
        let in_review = SearchQuery { state: Some(State::Review), ..words("") };
        assert_eq!(search(world, in_review.clone()).await.total, 1);
        let row = challenge::Entity::find_by_id(ids[0].0).one(world.connection()).await.unwrap().unwrap();
        let mut decided: challenge::ActiveModel = row.into();
        decided.state = Set("decided".to_owned());
        decided.update(world.connection()).await.unwrap();
        assert_eq!(search(world, words("重晶石")).await, undecided);
        assert_eq!(search(world, in_review).await.total, 1);
        let page = public::challenge(&world.store, &world.actor("public"), ids[0]).await.unwrap();
        assert_eq!(page, undecided_page);
        let asked = SearchQuery { state: Some(State::Decided), ..words("") };
        assert_eq!(search(world, asked).await.query.state, None, "nobody may ask for it");
        let drafts = SearchQuery { state: Some(State::Draft), ..words("") };
        assert_eq!(search(world, drafts).await.total, 5);
        set_state(world, ids[0], "published").await;
    }

    async fn results_are_sorted_and_paged_without_gaps(world) {
        let ids = published(world).await;
        // Sixty more rows that differ in what they are sorted by, some of them closed long ago.
        let pattern = challenge::Entity::find_by_id(ids[0].0).one(world.connection()).await.unwrap().unwrap();
        let now = world.now().await.0;
        for n in 0..60i64 {
            let mut row: challenge::ActiveModel = pattern.clone().into();
            row.id = Set(store::save::new_id());
            row.number = Set(Some(format!("T-{n:03}")));
            row.amount_fen = Set((n % 7 != 0).then_some(n / 3 * 1_000_000));
            row.closes_at = Set(Some(now + (n - 30) * 3_600_000 + 1_800_000));
            row.published_at = Set(Some(now - n / 4));
            row.insert(world.connection()).await.unwrap();
        }
        for sort in SearchSort::ALL {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = search(world, SearchQuery { sort: Some(*sort), after, ..SearchQuery::default() }).await;
                assert_eq!(page.total, 65);
                seen.extend(page.hits.rows);
                after = page.hits.next;
                if after.is_none() { break; }
                // Deadlines that pass between two pages must not shuffle the rest.
                world.clock.advance_ms(3_600_000);
            }
            world.set_time(domain::time::Timestamp(now)).await;
            let distinct: BTreeSet<ChallengeId> = seen.iter().map(|card| card.id).collect();
            assert_eq!((seen.len(), distinct.len()), (65, 65), "{sort:?}");
            match sort {
                SearchSort::Amount => assert!(seen.is_sorted_by_key(|card| std::cmp::Reverse(card.amount))),
                SearchSort::Deadline => {
                    let ahead = seen.iter().take_while(|card| card.closes_at.unwrap().0 >= now).count();
                    assert_eq!(ahead, 35);
                    assert!(seen[..ahead].is_sorted_by_key(|card| card.closes_at));
                    assert!(seen[ahead..].is_sorted_by_key(|card| std::cmp::Reverse(card.closes_at)));
                }
                SearchSort::Newest => {}
            }
        }
        let open = SearchQuery { open_only: true, ..SearchQuery::default() };
        assert_eq!(search(world, open).await.total, 35);
        let lost = SearchQuery { after: Some("no cursor".to_owned()), ..SearchQuery::default() };
        assert_eq!(search(world, lost).await.hits.rows.len(), 50);
        let (mut numbers, mut after) = (Vec::new(), None);
        let list = domain::id::ListId(pattern.list_id.unwrap());
        loop {
            let page = public::list(&world.store, list, after.as_deref()).await.unwrap();
            assert_eq!(page.card.challenges, 65);
            numbers.extend(page.challenges.rows.into_iter().map(|card| card.number));
            after = page.challenges.next;
            if after.is_none() { break; }
        }
        assert_eq!(numbers.len(), 65);
        assert!(numbers.is_sorted());
    }
}
