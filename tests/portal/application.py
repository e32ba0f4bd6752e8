"""The application that the portal's tests run: every page type, every kind of access."""

FILES = {
    "app.yaml": """
        format: 1
        title: Test
        sign_on: graph-user
        home: calendar
        access: signed_in
        roles: {boss: {users: [Anna@Contoso.example]}}
        navigation:
          - {title: Calendar, flow: calendar, icon: calendar}
          - {title: Bosses, flow: bosses}
          - {title: Hello, flow: hello}
    """,
    "profiles/graph-user.yaml": """
        type: oauth2_entra
        title: Microsoft 365
        grant_type: authorization_code
        tenant: contoso.example
        client_id: 11111111-1111-1111-1111-111111111111
        scopes: [User.Read]
    """,
    "profiles/other-user.yaml": """
        type: oauth2_entra
        grant_type: authorization_code
        tenant: contoso.example
        client_id: 22222222-2222-2222-2222-222222222222
        scopes: [User.Read]
    """,
    "lists/event.yaml": """
        owner: user
        key: [id]
        fields:
          id: {type: text, hidden: true}
          subject: {type: text, title: Subject, required: true}
          start: {type: zoned_datetime, title: Start}
          end: {type: zoned_datetime, title: End}
          is_all_day: {type: boolean, title: All day}
          size: {type: integer, title: Size}
          body: {type: html, title: Body}
          pin: {type: text, sensitive: true}
    """,
    "lists/mail_folder.yaml": """
        owner: user
        key: [id]
        fields: {id: {type: text}, title: {type: text}}
    """,
    "lists/person.yaml": """
        owner: shared
        key: [id]
        fields: {id: {type: text, hidden: true}, name: {type: text, title: Name}}
    """,
    "lists/scratch.yaml": """
        storage: transient
        owner: user
        fields: {name: {type: text}}
    """,
    "imports/event.yaml": """
        list: event
        fields: {id: id, subject: subject, start: start, end: end, is_all_day: is_all_day,
                 size: size, body: body, pin: pin}
        etag: etag
    """,
    "imports/mail_folder.yaml": """
        list: mail_folder
        fields: {id: id, title: title}
    """,
    "imports/person.yaml": """
        list: person
        fields: {id: id, name: name}
    """,
    "pages/calendar.yaml": """
        type: calendar
        title: "Calendar of {{ user.name }}"
        list: event
        fields: {title: subject, start: start, end: end, all_day: is_all_day}
        actions:
          add: {title: New, appearance: primary, confirm: "Really, {{ user.name }}?"}
          edit: {title: Change, on: row}
          open: {title: Open, on: row}
          clear: {title: Clear, on: row, confirm: "Delete {{ row.subject }}?", appearance: danger}
    """,
    "pages/form.yaml": """
        type: form
        title: Event
        list: event
        row: event
        fields: [subject, start, end, body]
        rules:
          - {check: start.dateTime < end.dateTime, field: end, message: The end comes first.}
    """,
    "pages/detail.yaml": """
        type: detail
        title: Event
        list: event
        row: event._key
        actions: {edit: {title: Change, on: row}}
    """,
    "pages/agenda.yaml": """
        type: table
        title: Agenda
        list: event
        columns: [subject, start, size, body]
        sort: subject
        actions: {open: {title: Open, on: row}}
    """,
    "pages/big.yaml": """
        type: table
        title: Big
        list: event
        columns: [subject]
        where: [{field: size, op: ge, value: 100}]
        actions: {open: {title: Open, on: row}}
    """,
    "pages/mail.yaml": """
        type: message
        title: Mail
        list: event
        fields: {from: id, subject: subject, body: body, received: start}
        folders: {list: mail_folder, title: title}
        actions: {open: {title: Open, on: row}}
    """,
    "pages/people.yaml": """
        type: table
        title: People
        list: person
    """,
    "pages/notes.yaml": """
        type: table
        title: Notes
        list: scratch
        actions: {open: {title: Open, on: row}}
    """,
    "flows/calendar.yaml": """
        kind: regular
        title: Calendar
        path: /calendar
        inputs: {week: {type: date}}
        variables:
          range: {start: "2026-11-23T00:00:00Z", end: "2026-11-30T00:00:00Z"}
          event: null
        start: show
        nodes:
          show:
            type: page
            page: calendar
            outputs: {range_changed: range, edit: event, open: event, clear: event}
            exits: {range_changed: show, add: form, edit: form, open: detail, clear: clear}
          form:
            type: page
            page: form
            outputs: {submit: values}
            exits: {submit: saved, cancel: show}
          detail: {type: page, page: detail, outputs: {edit: event}, exits: {edit: form}}
          clear:
            type: import_data
            import: event
            from: "[]"
            mode: replace
            within: {from_field: start, to_field: end, start: range.start, end: range.end}
            exits: {default: show}
          saved:
            type: end
            heading: Saved
            message: "{{ values.subject }} {{ values._key }} {{ values._etag }}"
    """,
    "flows/agenda.yaml": """
        kind: regular
        path: /agenda
        start: show
        nodes:
          show: {type: page, page: agenda, outputs: {open: event}, exits: {open: told}}
          told: {type: end, message: "{{ event.subject }} {{ $string(event.pin) }}"}
    """,
    "flows/big.yaml": """
        kind: regular
        path: /big
        start: show
        nodes:
          show: {type: page, page: big, outputs: {open: event}, exits: {open: told}}
          told: {type: end, message: "{{ event.subject }}"}
    """,
    "flows/mail.yaml": """
        kind: regular
        path: /mail
        start: show
        nodes:
          show: {type: page, page: mail, outputs: {open: event}, exits: {open: told}}
          told: {type: end, message: "{{ event.subject }}"}
    """,
    "flows/notes.yaml": """
        kind: regular
        path: /notes
        variables:
          scratch: [{name: "of {{ user.name }}"}]
        start: show
        nodes:
          show: {type: page, page: notes, outputs: {open: event}, exits: {open: told}}
          told: {type: end, message: "{{ event.name }}"}
    """,
    "flows/bosses.yaml": """
        kind: regular
        path: /bosses
        access: {roles: [boss]}
        start: show
        nodes: {show: {type: page, page: people}}
    """,
    "flows/hello.yaml": """
        kind: regular
        path: /hello
        access: public
        start: show
        nodes: {show: {type: page, page: people}}
    """,
    "flows/leak.yaml": """
        kind: regular
        path: /leak
        access: public
        start: show
        nodes: {show: {type: page, page: agenda}}
    """,
    "flows/private.yaml": """
        kind: regular
        path: /private
        access: public
        variables: {note: kept}
        start: authorize
        nodes:
          authorize:
            type: authenticate
            profile: graph-user
            exits: {authenticated: welcome, not_authenticated: declined, error: broken}
          welcome: {type: end, heading: "Hello {{ user.name }}", message: "{{ note }}"}
          declined: {type: end, heading: Declined}
          broken: {type: end, heading: Broken, message: "{{ error.message }}"}
    """,
    "flows/strict.yaml": """
        kind: regular
        path: /strict
        start: authorize
        nodes:
          authorize: {type: authenticate, profile: other-user, exits: {authenticated: welcome}}
          welcome: {type: end, heading: "Hello {{ user.name }}"}
    """,
}
