//! Editions: the settings of the site as each of its languages has them, and which file is of which language.

use super::{Config, Language, Organisation};
use crate::file::SourcePath;

impl Config {
    /// The settings of an edition: those of the site, with what the language says otherwise.
    pub fn edition(&self, language: &Language) -> Config {
        let or = |own: &str, main: &str| if own.is_empty() { main.to_string() } else { own.to_string() };
        let folder = format!("/{}", language.code);
        Config {
            title: or(&language.title, &self.title),
            description: or(&language.description, &self.description),
            base_url: format!("{}{folder}", self.base_url),
            language: language.code.clone(),
            organisation: language.organisation.over(&self.organisation),
            menu: language.menu.clone(),
            links: if language.links.is_empty() { self.links.clone() } else { language.links.clone() },
            folder,
            ..self.clone()
        }
    }

    /// The language of a document by its name: `a.en.md` is `en` where the site has that language. None is the main one.
    pub fn language_of(&self, path: &SourcePath) -> Option<&Language> {
        let stem = path.as_str().strip_suffix(".md")?;
        self.languages.iter().find(|language| {
            let before = stem.strip_suffix(language.code.as_str()).and_then(|rest| rest.strip_suffix('.'));
            before.is_some_and(|name| !name.is_empty() && !name.ends_with('/'))
        })
    }

    /// The path without its language: `a.en.md` and `a.md` are one document in two languages.
    pub fn neutral(&self, path: &SourcePath) -> SourcePath {
        match self.language_of(path) {
            Some(language) => {
                let length = path.as_str().len() - language.code.len() - ".md".len() - 1;
                SourcePath::new(&format!("{}.md", &path.as_str()[..length]))
            }
            None => path.clone(),
        }
    }

    /// Who speaks when a slogan does not say: 落款.
    pub fn attribution(&self) -> String {
        let office = &self.organisation.name;
        if self.language.starts_with("zh") { format!("{office} 宣") } else { office.clone() }
    }

    /// `base_url` of the main language: files that all editions share lie there.
    pub fn root_url(&self) -> &str {
        self.base_url.strip_suffix(self.folder.as_str()).unwrap_or(&self.base_url)
    }
}

impl Organisation {
    /// What is given here, and where nothing is, what `below` says.
    fn over(&self, below: &Organisation) -> Organisation {
        let or = |own: &str, other: &str| if own.is_empty() { other.to_string() } else { own.to_string() };
        Organisation {
            name: or(&self.name, &below.name),
            // A short name in another language says less than the full one in this.
            short_name: if self.name.is_empty() {
                or(&self.short_name, &below.short_name)
            } else {
                self.short_name.clone()
            },
            sponsor: or(&self.sponsor, &below.sponsor),
            operator: or(&self.operator, &below.operator),
            site_code: or(&self.site_code, &below.site_code),
            icp: or(&self.icp, &below.icp),
            police: or(&self.police, &below.police),
            credit_code: or(&self.credit_code, &below.credit_code),
            address: or(&self.address, &below.address),
            phone: or(&self.phone, &below.phone),
            postcode: or(&self.postcode, &below.postcode),
            email: or(&self.email, &below.email),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        let language = |code: &str| Language { code: code.into(), ..Language::default() };
        Config {
            base_url: "https://a.example".into(),
            languages: vec![language("en"), language("zh-hant")],
            ..Config::default()
        }
    }

    #[test]
    fn a_document_is_of_the_language_that_its_name_ends_in() {
        let config = config();
        let check = |path: &str, neutral: &str, code: Option<&str>| {
            let path = SourcePath::new(path);
            assert_eq!(config.language_of(&path).map(|language| language.code.as_str()), code, "{path}");
            assert_eq!(config.neutral(&path).as_str(), neutral);
        };
        check("content/a.en.md", "content/a.md", Some("en"));
        check("content/x/_index.zh-hant.md", "content/x/_index.md", Some("zh-hant"));
        check("content/a.md", "content/a.md", None);
        check("content/a.fr.md", "content/a.fr.md", None);
        check("content/.en.md", "content/.en.md", None);
        check("content/garden.md", "content/garden.md", None);
    }

    #[test]
    fn an_edition_lies_in_a_folder_of_its_own_and_says_what_the_main_language_does_not() {
        let mut config = config();
        config.organisation =
            Organisation { name: "测试局".into(), site_code: "1".into(), ..Organisation::default() };
        config.languages[0].title = "Bureau".into();
        config.languages[0].organisation.name = "Test Bureau".into();
        let edition = config.edition(&config.languages[0]);
        assert_eq!((edition.base_url.as_str(), edition.root_url()), ("https://a.example/en", "https://a.example"));
        assert_eq!((edition.title.as_str(), edition.language.as_str()), ("Bureau", "en"));
        assert_eq!((edition.organisation.name.as_str(), edition.organisation.site_code.as_str()), ("Test Bureau", "1"));
    }
}
