/// A text with buttons that send an answer; consumer phones rarely show them today.
package struct OutgoingButtons: Sendable, Equatable {
    package struct Button: Sendable, Equatable {
        package var id: String
        package var title: String

        package init(id: String, title: String) {
            self.id = id
            self.title = title
        }
    }

    package var text: String
    package var footer: String?
    /// One to three.
    package var buttons: [Button]

    package init(text: String, footer: String? = nil, buttons: [Button]) {
        self.text = text
        self.footer = footer
        self.buttons = buttons
    }
}

/// A menu that opens from a button.
package struct OutgoingList: Sendable, Equatable {
    package struct Section: Sendable, Equatable {
        package var title: String
        package var rows: [Row]

        package init(title: String, rows: [Row]) {
            self.title = title
            self.rows = rows
        }
    }

    package struct Row: Sendable, Equatable {
        package var id: String
        package var title: String
        package var details: String?

        package init(id: String, title: String, details: String? = nil) {
            self.id = id
            self.title = title
            self.details = details
        }
    }

    package var title: String
    package var text: String
    package var buttonTitle: String
    package var footer: String?
    package var sections: [Section]

    package init(title: String, text: String, buttonTitle: String, footer: String? = nil, sections: [Section]) {
        self.title = title
        self.text = text
        self.buttonTitle = buttonTitle
        self.footer = footer
        self.sections = sections
    }
}

/// A text with native-flow buttons, the form that phones show most widely.
package struct OutgoingInteractive: Sendable, Equatable {
    /// A button: `quick_reply`, `cta_url`, `cta_copy`, `cta_call`, `single_select` with its parameters as JSON.
    package struct Button: Sendable, Equatable {
        package var name: String
        package var parameters: String

        package init(name: String, parameters: String) {
            self.name = name
            self.parameters = parameters
        }
    }

    package var title: String?
    package var text: String
    package var footer: String?
    package var buttons: [Button]

    package init(title: String? = nil, text: String, footer: String? = nil, buttons: [Button]) {
        self.title = title
        self.text = text
        self.footer = footer
        self.buttons = buttons
    }
}
