from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('postcode', models.CharField(max_length=5, verbose_name='postcode')),
                ('last_postcode', models.CharField(max_length=5, verbose_name='last postcode')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('words', models.CharField(db_index=True, max_length=200)),
                ('land', models.CharField(choices=[('SH', 'Schleswig-Holstein'), ('HB', 'Bremen'), ('HH', 'Hamburg'), ('MV', 'Mecklenburg-Vorpommern'), ('NW', 'Nordrhein-Westfalen'), ('NI', 'Niedersachsen'), ('ST', 'Sachsen-Anhalt'), ('BE', 'Berlin'), ('BB', 'Brandenburg'), ('RP', 'Rheinland-Pfalz'), ('HE', 'Hessen'), ('TH', 'Thüringen'), ('SN', 'Sachsen'), ('SL', 'Saarland'), ('BW', 'Baden-Württemberg'), ('BY', 'Bayern')], max_length=2, verbose_name='Land')),
                ('lat', models.FloatField(verbose_name='latitude')),
                ('lon', models.FloatField(verbose_name='longitude')),
                ('population', models.PositiveIntegerField(default=0, verbose_name='inhabitants')),
            ],
            options={
                'verbose_name': 'place',
                'verbose_name_plural': 'places',
                'ordering': ['postcode', 'name'],
                'constraints': [models.UniqueConstraint(fields=('postcode', 'name'), name='place_once_per_postcode'), models.CheckConstraint(condition=models.Q(('postcode__regex', '^[0-9]{5}$'), ('last_postcode__regex', '^[0-9]{5}$'), ('postcode__lte', models.F('last_postcode'))), name='place_postcodes_in_order'), models.CheckConstraint(condition=models.Q(('land__in', ['SH', 'HB', 'HH', 'MV', 'NW', 'NI', 'ST', 'BE', 'BB', 'RP', 'HE', 'TH', 'SN', 'SL', 'BW', 'BY'])), name='place_land_known')],
            },
        ),
        migrations.CreateModel(
            name='PlaceList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('default', 'table of larger towns'), ('geonames', 'GeoNames postcode file')], max_length=10, verbose_name='source')),
                ('digest', models.CharField(max_length=64, verbose_name='fingerprint')),
                ('rows', models.PositiveIntegerField(verbose_name='places')),
                ('loaded_at', models.DateTimeField(verbose_name='loaded at')),
            ],
            options={
                'verbose_name': 'list of places',
                'verbose_name_plural': 'lists of places',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('source__in', ['default', 'geonames'])), name='place_list_source_known')],
            },
        ),
    ]
