//! Small conversations, made of speaking, listening and buttons.

mod ask;
mod confirm;
mod menu;
mod words;

pub use ask::Ask;
pub use confirm::Confirm;
pub use menu::Menu;

use crate::Interaction;

impl Interaction {
    /// Asks a question and listens for the answer. Brings what was [heard](crate::Heard), or silence.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// # async fn f(alice: Interaction) -> Result<()> {
    /// let name = alice.ask("What is your name?").timeout(secs(20)).attempts(2).await?;
    /// alice.say(format!("Hello {name}")).await?;
    /// # Ok(()) }
    /// ```
    pub fn ask(&self, question: impl Into<String>) -> Ask {
        Ask::new(self.clone(), question.into())
    }

    /// Asks a question that is answered by yes or no, again if the answer is neither. Brings the answer, or `None` if
    /// there was none.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// # async fn f(alice: Interaction) -> Result<()> {
    /// match alice.confirm("Is the room clean?").await? {
    ///     Some(true) => alice.say("Thank you").await?,
    ///     Some(false) => alice.say("I will ask again").await?,
    ///     None => {}
    /// }
    /// # Ok(()) }
    /// ```
    pub fn confirm(&self, question: impl Into<String>) -> Confirm {
        Confirm::new(self.clone(), question.into())
    }

    /// Offers a choice, to be said or tapped: one tap on Talk is the first, two the second, three the third, holding it
    /// the fourth. Asks again if there was no answer. Brings what was chosen, or `None`.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// # async fn f(alice: Interaction) -> Result<()> {
    /// enum Drink { Coffee, Tea }
    /// let choice = alice
    ///     .menu("Coffee or tea?")
    ///     .choice("coffee", Drink::Coffee)
    ///     .choice("tea", Drink::Tea)
    ///     .await?;
    /// # let _ = (choice, Drink::Tea);
    /// # Ok(()) }
    /// ```
    ///
    /// Taps are heard only if the interaction has them among its [inputs](crate::Action::inputs), or says nothing about
    /// them.
    pub fn menu<T>(&self, question: impl Into<String>) -> Menu<T> {
        Menu::new(self.clone(), question.into())
    }
}
