//! The pages about lists (`/danh-sach/…`): pickers, files and keys, as a laptop has them.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::browser::{Phone, id, until};

/// Chooses the option that has these words; answers whether there was one.
const PICK: &str = "
    const select = document.querySelector(arguments[0]);
    const option = [...(select?.options ?? [])].find((option) => option.textContent.includes(arguments[1]));
    if (!option) return false;
    select.value = option.value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
    return true;
";

/// Lines of a list of doors as it will be printed.
const LINES: &str = "
    return [...document.querySelectorAll('.handout__door')].map((door) => ({
        code: door.querySelector('.handout__code').textContent,
        household: door.querySelector('td:nth-child(2)').innerText,
        people: door.querySelectorAll('tr').length,
    }));
";

/// A household on paper.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct PaperLine {
    /// "12-KM".
    pub code: String,
    /// House number and head.
    pub household: String,
    pub people: usize,
}

impl Phone {
    /// Chooses in a picker by words of the option.
    pub async fn pick(&self, testid: &str, words: &str) -> Result<()> {
        let select = id(&format!("{testid}-input"));
        until(format!("{testid} to offer {words:?}"), async || {
            let args: Vec<Value> = vec![select.clone().into(), words.into()];
            Ok(self.eval::<bool>(PICK, args).await?.then_some(()))
        })
        .await
        .with_context(|| self.name().to_owned())
    }

    /// Gives a file to a field; the field itself may be out of sight.
    pub async fn give_file(&self, testid: &str, file: &Path) -> Result<()> {
        let css = id(testid);
        until(format!("{css} to be there"), async || Ok(self.is_there(&css).await?.then_some(()))).await?;
        let field = self.session()?.find(thirtyfour::By::Css(css)).await?;
        Ok(field.send_keys(file.to_str().context("a path")?).await?)
    }

    /// Presses keys, wherever the hands are.
    pub async fn press(&self, keys: impl Into<thirtyfour::TypingData>) -> Result<()> {
        Ok(self.session()?.action_chain().send_keys(keys).perform().await?)
    }

    /// Takes out a list that is chosen already; answers its number.
    pub async fn take_list(&self, reason: &str) -> Result<u64> {
        self.pick("handout-reason", reason).await?;
        self.tap(&id("handout-take")).await?;
        self.see(&id("handout-preview")).await?;
        let number = self.attribute(&id("handout-given"), "data-number").await?.context("the list has no number")?;
        Ok(number.parse()?)
    }

    /// The line of a household on the list of doors that lies on the screen.
    pub async fn paper_line(&self, house_no: &str, head: &str) -> Result<PaperLine> {
        let lines: Vec<PaperLine> = self.eval(LINES, vec![]).await?;
        ensure!(!lines.is_empty(), "{}: nothing is printed", self.name());
        let is_it = |line: &PaperLine| {
            line.household.lines().any(|words| words.trim_end().ends_with(house_no)) && line.household.contains(head)
        };
        lines.into_iter().find(is_it).with_context(|| format!("{head} at {house_no} is not printed"))
    }
}
