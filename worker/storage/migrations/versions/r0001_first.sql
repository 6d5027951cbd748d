-- The views that consumers read: tables are private, these only grow. README.md says what each column means.

CREATE VIEW v1_articles AS
SELECT article.id AS article_id,
       outlet.slug AS outlet,
       article.url AS url,
       article.title AS title,
       article.language AS language,
       article.published_at AS published_at,
       article.first_seen_at AS first_seen_at,
       article.last_seen_at AS last_seen_at,
       resource.status AS status,
       article.versions AS versions,
       article.wire AS wire,
       article.origin_id AS first_article_id,
       COALESCE(first_outlet.slug, outlet.slug) AS first_publisher,
       article.merged_into AS merged_into,
       resource.last_outcome AS last_outcome,
       resource.last_detail AS last_detail
FROM article
JOIN outlet ON outlet.id = article.outlet_id
LEFT JOIN article AS first_article ON first_article.id = article.origin_id
LEFT JOIN outlet AS first_outlet ON first_outlet.id = first_article.outlet_id
JOIN resource ON resource.article_id = article.id;

CREATE VIEW v1_versions AS
SELECT version.id AS version_id,
       version.article_id AS article_id,
       version.ordinal AS ordinal,
       version.title AS title,
       version.text AS text,
       version.content_hash AS content_hash,
       version.changed_after AS changed_after,
       version.first_seen_at AS first_seen_at,
       version.last_seen_at AS last_seen_at,
       version.extractor AS extractor,
       version.previous_version_id AS previous_version_id,
       version.readings AS readings,
       version.reverts_version_id AS reverts_version_id,
       (SELECT MAX(recurrence.kind) FROM recurrence WHERE recurrence.version_id = version.id) AS recurs,
       version.captions_at AS captions_at,
       version.modified_at AS modified_at
FROM version;

CREATE VIEW v1_figures AS
SELECT figure.id AS figure_id,
       figure.version_id AS version_id,
       version.article_id AS article_id,
       figure.low AS low,
       figure.high AS high,
       figure.bound AS bound,
       figure.unit AS unit,
       figure.noun AS noun,
       figure.subject AS subject,
       figure.attribution AS attribution,
       figure.sentence AS sentence,
       figure.part AS part,
       figure.start_offset AS start_offset,
       figure.end_offset AS end_offset,
       figure.hedge AS hedge,
       figure.dimension AS dimension,
       figure.per AS per,
       figure.place AS place,
       figure.period AS period,
       figure.conversion AS conversion,
       figure.change AS change,
       figure.current AS current,
       figure.location AS location
FROM figure
JOIN version ON version.id = figure.version_id;

CREATE VIEW v1_revisions AS
SELECT revision.id AS revision_id,
       revision.article_id AS article_id,
       outlet.slug AS outlet,
       revision.kind AS kind,
       revision.old_version_id AS old_version_id,
       revision.new_version_id AS new_version_id,
       revision.old_figure_id AS old_figure_id,
       revision.new_figure_id AS new_figure_id,
       old_figure.low AS old_low,
       old_figure.high AS old_high,
       old_figure.bound AS old_bound,
       new_figure.low AS new_low,
       new_figure.high AS new_high,
       new_figure.bound AS new_bound,
       old_figure.unit AS unit,
       old_figure.subject AS subject,
       CASE WHEN revision.kind = 'superseded' THEN old_version.first_seen_at
            ELSE COALESCE(new_version.changed_after, old_version.last_seen_at) END AS changed_after,
       new_version.first_seen_at AS changed_before,
       revision.detected_at AS detected_at,
       revision.declared AS declared,
       revision.confidence AS confidence,
       revision.because AS because,
       new_figure.unit AS new_unit,
       old_figure.sentence AS old_sentence,
       new_figure.sentence AS new_sentence,
       revision.retracted_at AS retracted_at,
       old_figure.location AS old_location,
       new_figure.location AS new_location,
       EXISTS (SELECT 1 FROM recurrence
               WHERE recurrence.kind = 'variant'
               AND recurrence.version_id IN (revision.old_version_id, revision.new_version_id)) AS variant,
       old_version.article_id AS old_article_id,
       old_outlet.slug AS old_outlet,
       observation.series_id AS series_id
FROM revision
JOIN article ON article.id = revision.article_id
JOIN outlet ON outlet.id = article.outlet_id
JOIN version AS old_version ON old_version.id = revision.old_version_id
JOIN version AS new_version ON new_version.id = revision.new_version_id
JOIN figure AS old_figure ON old_figure.id = revision.old_figure_id
JOIN article AS old_article ON old_article.id = old_version.article_id
JOIN outlet AS old_outlet ON old_outlet.id = old_article.outlet_id
LEFT JOIN figure AS new_figure ON new_figure.id = revision.new_figure_id
LEFT JOIN observation ON observation.figure_id = revision.new_figure_id;

CREATE VIEW v1_copies AS
SELECT copy.article_id AS article_id,
       outlet.slug AS outlet,
       copy.other_id AS copy_id,
       other_outlet.slug AS copy_outlet,
       copy.kind AS kind,
       copy.contained AS contained,
       copy.part_id AS part_id,
       copy.version_id AS version_id,
       copy.other_version_id AS copy_version_id,
       copy.found_at AS found_at,
       copy.proved_at AS proved_at
FROM copy
JOIN article ON article.id = copy.article_id
JOIN outlet ON outlet.id = article.outlet_id
JOIN article AS other ON other.id = copy.other_id
JOIN outlet AS other_outlet ON other_outlet.id = other.outlet_id
UNION ALL
SELECT copy.other_id AS article_id,
       other_outlet.slug AS outlet,
       copy.article_id AS copy_id,
       outlet.slug AS copy_outlet,
       copy.kind AS kind,
       copy.contained AS contained,
       copy.part_id AS part_id,
       copy.other_version_id AS version_id,
       copy.version_id AS copy_version_id,
       copy.found_at AS found_at,
       copy.proved_at AS proved_at
FROM copy
JOIN article ON article.id = copy.article_id
JOIN outlet ON outlet.id = article.outlet_id
JOIN article AS other ON other.id = copy.other_id
JOIN outlet AS other_outlet ON other_outlet.id = other.outlet_id;

CREATE VIEW v1_ripples AS
SELECT ripple.revision_id AS revision_id,
       revision.article_id AS article_id,
       outlet.slug AS outlet,
       ripple.article_id AS copy_id,
       copy_outlet.slug AS copy_outlet,
       copy.url AS copy_url,
       ripple.state AS state,
       old_figure.low AS old_low,
       old_figure.high AS old_high,
       new_figure.low AS new_low,
       new_figure.high AS new_high,
       old_figure.unit AS unit,
       old_figure.subject AS subject,
       ripple.version_id AS copy_version_id,
       ripple.figure_id AS copy_figure_id,
       printed.sentence AS copy_sentence,
       new_version.first_seen_at AS revised_at,
       ripple.found_at AS found_at,
       ripple.ended_at AS ended_at,
       revision.kind AS kind,
       old_figure.bound AS old_bound,
       new_figure.bound AS new_bound
FROM ripple
JOIN revision ON revision.id = ripple.revision_id
JOIN article ON article.id = revision.article_id
JOIN outlet ON outlet.id = article.outlet_id
JOIN article AS copy ON copy.id = ripple.article_id
JOIN outlet AS copy_outlet ON copy_outlet.id = copy.outlet_id
JOIN version AS new_version ON new_version.id = revision.new_version_id
JOIN figure AS old_figure ON old_figure.id = revision.old_figure_id
LEFT JOIN figure AS new_figure ON new_figure.id = revision.new_figure_id
LEFT JOIN figure AS printed ON printed.id = ripple.figure_id;

CREATE VIEW v1_changes AS
SELECT change.position AS position,
       change.at AS at,
       change.kind AS kind,
       change.article_id AS article_id,
       change.version_id AS version_id,
       change.revision_id AS revision_id,
       change.story_id AS story_id
FROM change
WHERE change.position IS NOT NULL;

CREATE VIEW v1_held AS
SELECT held.article_id AS article_id,
       resource.url AS url,
       held.doubt AS doubt,
       held.reason AS reason,
       held.content_hash AS content_hash,
       held.first_seen_at AS first_seen_at,
       held.last_seen_at AS last_seen_at,
       held.visits AS visits,
       held.capture_id AS capture_id
FROM held
JOIN resource ON resource.id = held.resource_id;

CREATE VIEW v1_recurrences AS
SELECT recurrence.id AS recurrence_id,
       version.article_id AS article_id,
       recurrence.version_id AS version_id,
       recurrence.kind AS kind,
       recurrence.because AS because,
       recurrence.times AS times,
       recurrence.first_seen_at AS first_seen_at,
       recurrence.last_seen_at AS last_seen_at
FROM recurrence
JOIN version ON version.id = recurrence.version_id;

CREATE VIEW v1_stories AS
SELECT story.id AS story_id,
       story.title AS title,
       story.language AS language,
       story.articles AS articles,
       story.first_at AS first_at,
       story.last_at AS last_at
FROM story;

CREATE VIEW v1_story_articles AS
SELECT story_article.story_id AS story_id,
       story_article.article_id AS article_id,
       outlet.slug AS outlet,
       story_article.at AS at,
       story_article.score AS score,
       story_article.because AS because
FROM story_article
JOIN article ON article.id = story_article.article_id
JOIN outlet ON outlet.id = article.outlet_id;

CREATE VIEW v1_series AS
SELECT series.id AS series_id,
       series.story_id AS story_id,
       figure.subject AS subject,
       figure.low AS low,
       figure.high AS high,
       figure.bound AS bound,
       figure.unit AS unit,
       figure.noun AS noun,
       figure.attribution AS attribution,
       figure.id AS figure_id,
       series.observations AS observations,
       series.first_at AS first_at,
       series.last_at AS last_at
FROM series
JOIN figure ON figure.id = series.newest_figure_id;

CREATE VIEW v1_observations AS
SELECT observation.id AS observation_id,
       observation.series_id AS series_id,
       observation.figure_id AS figure_id,
       observation.version_id AS version_id,
       observation.article_id AS article_id,
       outlet.slug AS outlet,
       observation.at AS at,
       figure.low AS low,
       figure.high AS high,
       figure.bound AS bound,
       figure.unit AS unit
FROM observation
JOIN outlet ON outlet.id = observation.outlet_id
JOIN figure ON figure.id = observation.figure_id;

CREATE VIEW v1_corrections AS
SELECT correction.id AS correction_id,
       correction.article_id AS article_id,
       correction.version_id AS version_id,
       outlet.slug AS outlet,
       correction.kind AS kind,
       correction.text AS text,
       version.first_seen_at AS at,
       declared.revision_id AS revision_id
FROM correction
JOIN version ON version.id = correction.version_id
JOIN article ON article.id = correction.article_id
JOIN outlet ON outlet.id = article.outlet_id
LEFT JOIN declared ON declared.correction_id = correction.id;

CREATE VIEW v1_transparency AS
SELECT outlet.slug AS outlet,
       (SELECT count(*) FROM revision JOIN article ON article.id = revision.article_id
        WHERE article.outlet_id = outlet.id AND revision.kind <> 'superseded' AND revision.retracted_at IS NULL) AS revisions,
       (SELECT count(*) FROM revision JOIN article ON article.id = revision.article_id
        WHERE article.outlet_id = outlet.id AND revision.kind <> 'superseded' AND revision.retracted_at IS NULL
          AND revision.declared) AS declared,
       (SELECT count(*) FROM revision JOIN article ON article.id = revision.article_id
        WHERE article.outlet_id = outlet.id AND revision.kind <> 'superseded' AND revision.retracted_at IS NULL
          AND NOT revision.declared) AS undeclared,
       (SELECT count(*) FROM correction JOIN article ON article.id = correction.article_id
        WHERE article.outlet_id = outlet.id AND correction.kind <> 'update') AS corrections,
       (SELECT count(*) FROM correction JOIN article ON article.id = correction.article_id
        WHERE article.outlet_id = outlet.id AND correction.kind <> 'update'
          AND NOT EXISTS (SELECT 1 FROM declared WHERE declared.correction_id = correction.id)) AS unseen
FROM outlet;
