//! A report as HTML. The page is well-formed XML too, so that a test can take it apart.

use std::fmt::Write;

use crate::analysis::report::document::{Block, Column, Report, Section, Statement, Table};
use crate::browser::template::fill;
use crate::figures::Figure;
use crate::output::provenance::Input;
use crate::text::escape::{markup, path};

const PAGE: &str = include_str!("../../../../assets/report.html");

/// What follows every report's own sections: ids and headings.
const LAST: [(&str, &str); 3] = [
    ("methods", "How it was computed"),
    ("inputs", "Inputs"),
    ("settings", "Settings"),
];

/// The whole page.
pub fn page(report: &Report) -> String {
    fill(
        PAGE,
        &[
            ("title", &markup(&report.title)),
            ("about", &markup(&report.about)),
            ("contents", &contents(report)),
            ("summary", &summary(&report.summary)),
            ("sections", &sections(&report.sections)),
            ("methods", &methods(&report.methods)),
            ("inputs", &inputs(&report.inputs)),
            ("settings", &settings(&report.settings)),
            ("version", &markup(&report.version)),
        ],
    )
}

/// Headings are no ids: two may be the same.
fn id(number: usize) -> String {
    format!("section-{}", number + 1)
}

fn contents(report: &Report) -> String {
    let own = report.sections.iter().enumerate();
    let own = own.map(|(number, section)| (id(number), section.heading.as_str()));
    let last = LAST.map(|(id, heading)| (id.to_string(), heading));
    let item = |(id, heading): (String, &str)| {
        format!("<li><a href=\"#{id}\">{}</a></li>\n", markup(heading))
    };
    own.chain(last).map(item).collect()
}

fn summary(statements: &[Statement]) -> String {
    if statements.is_empty() {
        return String::new();
    }
    let items: String = statements
        .iter()
        .map(|statement| boxed("li", statement))
        .collect();
    format!("<ul class=\"statements\" aria-label=\"Summary\">\n{items}</ul>\n")
}

/// A statement in an element of its own.
fn boxed(element: &str, statement: &Statement) -> String {
    let (class, line, rest) = match statement {
        Statement::Made { finding, detail } => ("statement", markup(finding), markup(detail)),
        Statement::Unmade { about, because } => (
            "statement unmade",
            format!("No statement can be made about {}", markup(about)),
            format!("because {}", markup(because)),
        ),
    };
    format!("<{element} class=\"{class}\"><b>{line}</b> <span>{rest}</span></{element}>\n")
}

fn sections(sections: &[Section]) -> String {
    let (mut figures, mut tables) = (0, 0);
    let mut html = String::new();
    for (number, section) in sections.iter().enumerate() {
        let heading = markup(&section.heading);
        let _ = writeln!(html, "<section id=\"{}\">\n<h2>{heading}</h2>", id(number));
        for block in &section.blocks {
            html += &match block {
                Block::Text(words) => paragraph(words),
                Block::Statement(statement) => boxed("div", statement),
                Block::Figure {
                    caption,
                    figure,
                    files,
                } => {
                    figures += 1;
                    drawing(figure, &numbered("Figure", figures, caption, files))
                }
                Block::Table(shown) => {
                    tables += 1;
                    let caption = numbered("Table", tables, &shown.caption, &shown.files);
                    table(shown, &caption)
                }
            };
        }
        html += "</section>\n";
    }
    html
}

fn paragraph(words: &str) -> String {
    format!("<p>{}</p>\n", markup(words))
}

/// A caption with its number and its files.
fn numbered(kind: &str, number: usize, caption: &str, files: &[String]) -> String {
    let mut words = format!("<b>{kind} {number}.</b> {}", markup(caption));
    for file in files {
        let name = file.rsplit('/').next().unwrap_or(file);
        let (address, name) = (path(file), markup(name));
        let _ = write!(words, " <a class=\"files\" href=\"./{address}\">{name}</a>");
    }
    words
}

fn drawing(figure: &Figure, caption: &str) -> String {
    let points = figure.size().0;
    let svg = figure.svg();
    format!(
        "<figure>\n<div class=\"drawing\" style=\"--points:{points}\">\n{svg}</div>\n\
         <figcaption>{caption}</figcaption>\n</figure>\n"
    )
}

fn table(table: &Table, caption: &str) -> String {
    let class = |column: &Column| match column.numbers {
        true => " class=\"number\"",
        false => "",
    };
    let head = table.columns.iter().map(|column| {
        let name = markup(&column.name);
        format!("<th scope=\"col\"{}>{name}</th>", class(column))
    });
    let row = |row: &Vec<String>| {
        let cells = table.columns.iter().zip(row);
        let cells =
            cells.map(|(column, text)| format!("<td{}>{}</td>", class(column), markup(text)));
        format!("<tr>{}</tr>\n", cells.collect::<String>())
    };
    let head: String = head.collect();
    let rows: String = table.rows.iter().map(row).collect();
    let note = match table.note.is_empty() {
        true => String::new(),
        false => format!("<p class=\"note\">{}</p>\n", markup(&table.note)),
    };
    format!(
        "<div class=\"table\">\n<p class=\"caption\">{caption}</p>\n\
         <div class=\"scroll\" tabindex=\"0\"><table>\n\
         <thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n{note}</div>\n"
    )
}

fn methods(methods: &[String]) -> String {
    methods.iter().map(|words| paragraph(words)).collect()
}

fn inputs(inputs: &[(String, Input)]) -> String {
    if inputs.is_empty() {
        return paragraph("No files were read.");
    }
    let row = |(name, input): &(String, Input)| {
        let path = markup(&input.path.to_string_lossy());
        let sum = markup(&input.sha256);
        format!(
            "<tr><td>{}</td><td class=\"path\">{path}</td><td class=\"sum\">{sum}</td></tr>\n",
            markup(name)
        )
    };
    let rows: String = inputs.iter().map(row).collect();
    let head: String = ["Input", "File", "SHA-256"]
        .map(|name| format!("<th scope=\"col\">{name}</th>"))
        .concat();
    format!(
        "<div class=\"scroll\" tabindex=\"0\"><table>\n<thead><tr>{head}</tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table></div>\n"
    )
}

fn settings(settings: &[(String, String)]) -> String {
    let item = |(name, value): &(String, String)| {
        format!("<dt>{}</dt><dd>{}</dd>\n", markup(name), markup(value))
    };
    let items: String = settings.iter().map(item).collect();
    match items.is_empty() {
        true => paragraph("All settings are the defaults."),
        false => format!("<dl>\n{items}</dl>\n"),
    }
}
